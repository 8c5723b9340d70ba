# The story of `make demo`. Sourced by hack/demo, told in the words of demo-steps.sh.

step "The cluster is a real one, and knows our kinds"
run kubectl version
expect "Server Version: v1.36"
run kubectl api-resources --api-group=vmidentity.dev
expect VmIdentityBinding
