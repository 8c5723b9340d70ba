package dev.vmidentity.simulator.arm;

import java.util.List;
import java.util.Map;

/** The api-versions that each type knows, oldest first. */
final class ApiVersions {
    private static final List<String> COMPUTE = List.of(
            "2015-06-15",
            "2016-03-30",
            "2017-03-30",
            "2017-12-01",
            "2018-04-01",
            "2018-06-01",
            "2018-10-01",
            "2018-12-01",
            "2019-03-01",
            "2019-07-01",
            "2019-12-01",
            "2020-06-01",
            "2020-12-01",
            "2021-03-01",
            "2021-04-01",
            "2021-07-01",
            "2021-11-01",
            "2022-03-01",
            "2022-08-01",
            "2022-11-01",
            "2023-03-01",
            "2023-07-01",
            "2023-09-01",
            "2024-03-01",
            "2024-07-01",
            "2024-11-01",
            "2025-04-01",
            "2025-11-01",
            "2026-03-01",
            "2026-04-01");
    private static final List<String> IDENTITY = List.of(
            "2015-08-31-preview",
            "2018-11-30",
            "2021-09-30-preview",
            "2022-01-31-preview",
            "2023-01-31",
            "2023-07-31-preview",
            "2024-11-30",
            "2025-01-31-preview",
            "2025-05-31-preview",
            "2026-04-30",
            "2026-05-31");
    private static final List<String> CREDENTIAL = IDENTITY.subList(3, IDENTITY.size());
    private static final List<String> AUTHORIZATION = List.of(
            "2015-07-01",
            "2017-10-01-preview",
            "2018-01-01-preview",
            "2018-07-01",
            "2018-09-01-preview",
            "2020-03-01-preview",
            "2020-04-01-preview",
            "2020-08-01-preview",
            "2020-10-01-preview",
            "2022-04-01",
            "2022-05-01-preview");
    private static final List<String> LOCKS = List.of("2015-01-01", "2016-09-01", "2017-04-01", "2020-05-01");
    private static final List<String> RESOURCE_GRAPH =
            List.of("2018-09-01-preview", "2019-04-01", "2020-04-01-preview", "2021-03-01", "2022-10-01", "2024-04-01");
    private static final List<String> RESOURCES = List.of(
            "2014-04-01",
            "2015-01-01",
            "2015-11-01",
            "2016-02-01",
            "2016-06-01",
            "2016-09-01",
            "2017-05-10",
            "2018-02-01",
            "2018-05-01",
            "2018-06-01",
            "2019-03-01",
            "2019-05-01",
            "2019-05-10",
            "2019-06-01",
            "2019-08-01",
            "2019-10-01",
            "2019-11-01",
            "2020-01-01",
            "2020-06-01",
            "2020-08-01",
            "2020-10-01",
            "2021-01-01",
            "2021-04-01",
            "2022-01-01",
            "2022-09-01",
            "2022-12-01",
            "2023-07-01",
            "2024-03-01",
            "2024-07-01",
            "2024-11-01",
            "2025-03-01",
            "2025-04-01");

    private static final Map<String, List<String>> BY_TYPE = Map.ofEntries(
            Map.entry("microsoft.compute/virtualmachines", COMPUTE),
            Map.entry("microsoft.compute/virtualmachines/instanceview", COMPUTE),
            Map.entry("microsoft.compute/virtualmachinescalesets", COMPUTE),
            Map.entry("microsoft.compute/virtualmachinescalesets/virtualmachines", COMPUTE),
            Map.entry("microsoft.compute/virtualmachinescalesets/manualupgrade", COMPUTE),
            Map.entry("microsoft.compute/locations/operations", COMPUTE),
            Map.entry("microsoft.managedidentity/userassignedidentities", IDENTITY),
            Map.entry("microsoft.managedidentity/userassignedidentities/federatedidentitycredentials", CREDENTIAL),
            Map.entry(
                    "microsoft.managedidentity/userassignedidentities/listassociatedresources",
                    List.of("2021-09-30-preview", "2022-01-31-preview")),
            Map.entry("microsoft.authorization/roleassignments", AUTHORIZATION),
            Map.entry("microsoft.authorization/roledefinitions", AUTHORIZATION),
            Map.entry("microsoft.authorization/locks", LOCKS),
            Map.entry("microsoft.resourcegraph/resources", RESOURCE_GRAPH));

    private ApiVersions() {}

    /** Of a type in lower case with its namespace; empty when the type is not known here. */
    static List<String> of(String type) {
        return BY_TYPE.getOrDefault(type, List.of());
    }

    static List<String> ofResources() {
        return RESOURCES;
    }
}
