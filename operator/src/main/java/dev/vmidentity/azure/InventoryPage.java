package dev.vmidentity.azure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One answer of Resource Graph.
 *
 * @param total how many rows the whole question has
 * @param truncated whether Azure says that there is more than it tells
 * @param skipToken what the next page is asked for with, null after the last
 */
record InventoryPage(
        long total, boolean truncated, @Nullable String skipToken, List<InventoryRow> rows) {
    InventoryPage {
        rows = List.copyOf(rows);
    }

    /** Empty when it is not what was asked for: a list of rows that each name a machine, and its counts. */
    static Optional<InventoryPage> read(String body, Instant readAt) {
        Map<?, ?> json = ArmError.parse(body).orElse(Map.of());
        if (!(json.get("totalRecords") instanceof Number total) || !(json.get("data") instanceof List<?> data)) {
            return Optional.empty();
        }
        if (json.get("count") instanceof Number count && count.longValue() != data.size()) {
            return Optional.empty();
        }
        List<InventoryRow> rows = new ArrayList<>();
        for (Object item : data) {
            Optional<InventoryRow> row =
                    item instanceof Map<?, ?> columns ? InventoryRow.of(columns, readAt) : Optional.empty();
            if (row.isEmpty()) {
                return Optional.empty();
            }
            rows.add(row.get());
        }
        String token = json.get("$skipToken") instanceof String text && !text.isEmpty() ? text : null;
        boolean truncated = "true".equalsIgnoreCase(String.valueOf(json.get("resultTruncated")));
        return Optional.of(new InventoryPage(total.longValue(), truncated, token, rows));
    }
}
