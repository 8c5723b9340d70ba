# The story of `make demo`. Sourced by hack/demo, told in the words of demo-steps.sh.

sub=/subscriptions/11111111-1111-1111-1111-111111111111
export VM=$sub/resourceGroups/myResourceGroup/providers/Microsoft.Compute/virtualMachines/myVM
export VMSS=$sub/resourceGroups/myResourceGroup/providers/Microsoft.Compute/virtualMachineScaleSets/myVMSS
export IDS=$sub/resourceGroups/myResourceGroup/providers/Microsoft.ManagedIdentity/userAssignedIdentities

token=$(curl -sS "$AZURE/common/oauth2/v2.0/token" -d grant_type=client_credentials -d client_id=azure-admin \
  -d client_secret=any -d "scope=$AZURE/.default" | sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')
export AUTH="Authorization: Bearer $token"
export API=api-version=2024-07-01

# The block of a machine that the portal's Identity page shows. Azure pretty-prints, with two spaces a level.
identity_of() { # a resource id
  curl -sS -H "$AUTH" "$AZURE$1?$API" | tr -d '\r' | sed -n '/^  "identity": {/,/^  }/p'
}
export -f identity_of

ready() { run "kubectl wait --for=condition=Ready --timeout=90s $*"; }

file() { # a name; the manifest comes on standard input, and is shown
  cat >"$home/$1"
  printf '\033[32m$ cat %s\033[0m\n' "$1"
  cat "$home/$1"
}

# The manifests are applied by their bare names.
cd "$home"

step "The cluster is a real one, and knows our kinds"
run "kubectl version"
expect "Server Version: v1.36"
run "kubectl api-resources --api-group=vmidentity.dev"
expect VmIdentityBinding

step "An identity, and a binding that puts it on the virtual machine myVM"
file web.yaml <<'YAML'
apiVersion: vmidentity.dev/v1alpha1
kind: UserAssignedIdentity
metadata: {name: web}
spec:
  resourceGroup: myResourceGroup
  location: westus
---
apiVersion: vmidentity.dev/v1alpha1
kind: VmIdentityBinding
metadata: {name: web-on-myvm}
spec:
  target:
    virtualMachine: {name: myVM, resourceGroup: myResourceGroup}
  userAssigned:
    - name: web
YAML
run "kubectl apply -f web.yaml"
ready uai/web vmib/web-on-myvm
run "kubectl get uai,vmib,vmil"
expect Attached

step "What Azure says of the machine, and what status says, is the same"
run 'identity_of $VM'
expect userAssignedIdentities/web
azure_says=$output
run "kubectl get vmib web-on-myvm -o jsonpath='{.status.userAssigned[0].principalId} {.status.userAssigned[0].clientId}{\"\\n\"}'"
for id in $output; do
  case $azure_says in *"$id"*) ;; *) broken "Azure says nothing of $id" ;; esac
done

step "An Azure admin attaches an identity of somebody else, by REST"
run 'curl -sS -o /dev/null -w "%{http_code}\n" -X PUT -H "$AUTH" -H "Content-Type: application/json" "$AZURE$IDS/foreign?api-version=2023-01-31" -d "{\"location\":\"westus\"}"'
expect 201
run 'curl -sS -o /dev/null -w "%{http_code}\n" -X PATCH -H "$AUTH" -H "Content-Type: application/json" "$AZURE$VM?$API" -d "{\"identity\":{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{\"$IDS/foreign\":{}}}}"'
expect 200

step "A second binding, with a second identity and the machine's own"
file more.yaml <<'YAML'
apiVersion: vmidentity.dev/v1alpha1
kind: UserAssignedIdentity
metadata: {name: logs}
spec:
  resourceGroup: myResourceGroup
  location: westus
---
apiVersion: vmidentity.dev/v1alpha1
kind: VmIdentityBinding
metadata: {name: more-on-myvm}
spec:
  target:
    virtualMachine: {name: myVM, resourceGroup: myResourceGroup}
  systemAssigned: {enabled: true}
  userAssigned:
    - name: logs
YAML
run "kubectl apply -f more.yaml"
ready vmib/more-on-myvm
run 'identity_of $VM'
expect '"SystemAssigned, UserAssigned"'
expect userAssignedIdentities/web
expect userAssignedIdentities/logs
expect userAssignedIdentities/foreign
run "kubectl get vmil"

step "The same on the scale set myVMSS"
file scale-set.yaml <<'YAML'
apiVersion: vmidentity.dev/v1alpha1
kind: VmIdentityBinding
metadata: {name: web-on-myvmss}
spec:
  target:
    virtualMachineScaleSet: {name: myVMSS, resourceGroup: myResourceGroup}
  systemAssigned: {enabled: true}
  userAssigned:
    - name: web
YAML
run "kubectl apply -f scale-set.yaml"
ready vmib/web-on-myvmss
run 'identity_of $VMSS'
expect userAssignedIdentities/web

step "A binding for a machine that does not exist yet"
file early.yaml <<'YAML'
apiVersion: vmidentity.dev/v1alpha1
kind: VmIdentityBinding
metadata: {name: web-on-newvm}
spec:
  target:
    virtualMachine: {name: newVM, resourceGroup: myResourceGroup}
  userAssigned:
    - name: web
YAML
run "kubectl apply -f early.yaml"
eventually 60 WaitingForMachine "kubectl get vmib web-on-newvm"
run "kubectl get vmib web-on-newvm -o jsonpath='{.status.conditions[?(@.type==\"Ready\")].message}{\"\\n\"}'"
note "… until somebody creates it:"
export NEWVM=${VM%/*}/newVM
run 'curl -sS -o /dev/null -w "%{http_code}\n" -X PUT -H "$AUTH" -H "Content-Type: application/json" "$AZURE$NEWVM?$API" -d "{\"location\":\"westus\",\"properties\":{\"hardwareProfile\":{\"vmSize\":\"Standard_D2s_v3\"}}}"'
expect 201
ready vmib/web-on-newvm
run 'identity_of $NEWVM'
expect userAssignedIdentities/web

step "An identity that is removed behind our back comes back"
run 'curl -sS -o /dev/null -w "%{http_code}\n" -X PATCH -H "$AUTH" -H "Content-Type: application/json" "$AZURE$VM?$API" -d "{\"identity\":{\"type\":\"SystemAssigned, UserAssigned\",\"userAssignedIdentities\":{\"$IDS/web\":null}}}"'
expect 200
run 'identity_of $VM'
expect_not userAssignedIdentities/web
eventually 90 userAssignedIdentities/web 'identity_of $VM'

step "What is wrong is refused with a sentence"
file wrong.yaml <<'YAML'
apiVersion: vmidentity.dev/v1alpha1
kind: VmIdentityBinding
metadata: {name: wrong}
spec:
  target:
    virtualMachine: {name: myVM, resourceGroup: myResourceGroup}
    virtualMachineScaleSet: {name: myVMSS, resourceGroup: myResourceGroup}
  userAssigned:
    - name: web
YAML
refused "kubectl apply -f wrong.yaml"
expect "keep one of"

step "A namespace without permission may nothing, and is told who can change that"
run "kubectl create namespace intruder"
run "sed 's/web-on-myvm/mine/' web.yaml | kubectl apply -n intruder -f -"
eventually 60 NotAllowedByNamespace "kubectl get uai,vmib -n intruder"
run "kubectl describe vmib mine -n intruder"
expect vmidentity.dev/targets
run "kubectl delete namespace intruder --timeout=60s"

step "An identity is deleted before its bindings, and waits for them"
run "kubectl delete uai web --wait=false"
eventually 60 DeletionWaitsForBindings "kubectl get uai web"
run "kubectl get uai web -o jsonpath='{.status.conditions[?(@.type==\"Ready\")].message}{\"\\n\"}'"
expect web-on-myvm
run "kubectl delete vmib web-on-myvm web-on-myvmss web-on-newvm --timeout=90s"
run "kubectl wait --for=delete uai/web --timeout=90s"
run 'curl -sS -o /dev/null -w "%{http_code}\n" -H "$AUTH" "$AZURE$IDS/web?api-version=2023-01-31"'
expect 404

step "A whole namespace is deleted at once"
run "kubectl create namespace team-a"
run "kubectl annotate namespace team-a vmidentity.dev/targets=/ vmidentity.dev/assign=/ vmidentity.dev/manage=/"
file team-a.yaml <<'YAML'
apiVersion: vmidentity.dev/v1alpha1
kind: UserAssignedIdentity
metadata: {name: team, namespace: team-a}
spec:
  name: team-a-id
  resourceGroup: myResourceGroup
  location: westus
---
apiVersion: vmidentity.dev/v1alpha1
kind: VmIdentityBinding
metadata: {name: team-on-myvm, namespace: team-a}
spec:
  target:
    virtualMachine: {name: myVM, resourceGroup: myResourceGroup}
  userAssigned:
    - name: team
YAML
run "kubectl apply -f team-a.yaml"
ready -n team-a vmib/team-on-myvm
run "kubectl delete namespace team-a --timeout=90s"

step "At the end the machine carries the foreign identity and nothing else, and ours are gone in Azure"
run "kubectl delete -f more.yaml --timeout=90s"
run 'identity_of $VM'
expect userAssignedIdentities/foreign
expect_not SystemAssigned
expect_not userAssignedIdentities/logs
expect_not userAssignedIdentities/team-a-id
run 'curl -sS -H "$AUTH" "$AZURE$IDS?api-version=2023-01-31" | grep -o "\"name\": *\"[^\"]*\""'
expect foreign
expect_not team-a-id
expect_not logs
run "kubectl get uai,vmib,vmil --all-namespaces"
expect "No resources found"
