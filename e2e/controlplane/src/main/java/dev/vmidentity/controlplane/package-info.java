/**
 * A real Kubernetes control plane on this machine: etcd, kube-apiserver and kube-controller-manager as child processes,
 * on free ports of the loopback interface, with certificates of their own and RBAC on.
 *
 * <p>Owns the processes, their certificates, kubeconfig files and data. Knows nothing of Azure, of the operator or of
 * its kinds. The binaries come from {@code hack/control-plane}. There are no nodes and no scheduler: a Pod stays
 * pending; of the controllers only namespace deletion and garbage collection run, so that the aggregated roles
 * {@code view}, {@code edit} and {@code admin} are empty here.
 *
 * <p>Tests: {@code ControlPlaneTest} and {@code ControlPlaneLifeTest}, on the real thing.
 */
@NullMarked
package dev.vmidentity.controlplane;

import org.jspecify.annotations.NullMarked;
