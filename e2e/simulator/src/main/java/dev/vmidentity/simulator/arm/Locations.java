package dev.vmidentity.simulator.arm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The regions that exist here, a part of Azure's. */
final class Locations {
    private static final Map<String, String> DISPLAY = new LinkedHashMap<>();

    static {
        for (var pair : List.of(
                "eastus=East US",
                "eastus2=East US 2",
                "eastus2euap=East US 2 EUAP",
                "westus=West US",
                "westus2=West US 2",
                "westus3=West US 3",
                "centralus=Central US",
                "northcentralus=North Central US",
                "southcentralus=South Central US",
                "westcentralus=West Central US",
                "canadacentral=Canada Central",
                "northeurope=North Europe",
                "westeurope=West Europe",
                "uksouth=UK South",
                "ukwest=UK West",
                "francecentral=France Central",
                "germanywestcentral=Germany West Central",
                "switzerlandnorth=Switzerland North",
                "swedencentral=Sweden Central",
                "norwayeast=Norway East",
                "eastasia=East Asia",
                "southeastasia=Southeast Asia",
                "japaneast=Japan East",
                "australiaeast=Australia East",
                "centralindia=Central India",
                "koreacentral=Korea Central",
                "brazilsouth=Brazil South")) {
            DISPLAY.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
    }

    private Locations() {}

    static List<String> names() {
        return List.copyOf(DISPLAY.keySet());
    }

    static Map<String, String> displayNames() {
        return Map.copyOf(DISPLAY);
    }

    static List<String> inOrder() {
        return List.copyOf(DISPLAY.keySet());
    }

    /** {@code West US} and {@code westus} are one. */
    static String normal(String location) {
        return location.replace(" ", "").toLowerCase(Locale.ROOT);
    }

    static boolean exists(String location) {
        return DISPLAY.containsKey(normal(location));
    }
}
