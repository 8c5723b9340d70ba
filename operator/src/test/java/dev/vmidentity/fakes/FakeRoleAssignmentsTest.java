package dev.vmidentity.fakes;

final class FakeRoleAssignmentsTest extends RoleAssignmentsContract {
    @Override
    protected RoleGround ground() {
        return new FakeRoleAssignments();
    }
}
