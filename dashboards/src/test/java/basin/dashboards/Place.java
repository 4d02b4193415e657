package basin.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A panel's place on Grafana's grid of 24 columns, in grid cells. */
record Place(int x, int y, int width, int height) {
    static final int COLUMNS = 24;

    Place {
        if (x < 0 || y < 0 || width < 1 || height < 1 || x + width > COLUMNS) {
            throw new IllegalArgumentException("There is no place of " + width + " by " + height + " cells at " + x
                    + ", " + y + " on " + COLUMNS + " columns.");
        }
    }

    ObjectNode json() {
        return Json.object().put("x", x).put("y", y).put("w", width).put("h", height);
    }
}
