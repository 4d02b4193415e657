import type { TableCellHeight } from '@grafana/schema';
import { Table } from '@grafana/ui';
import type { Drawing } from './drawing';

/** A table. Grafana's newer table needs a library that is in no package registry; this one shows the same cells. */
export function Rows({ frames, options, fieldConfig, width, height }: Drawing) {
  return (
    <Table
      data={frames[0]}
      width={width}
      height={height}
      fieldConfig={fieldConfig}
      cellHeight={options.cellHeight as TableCellHeight}
      initialSortBy={options.sortBy as Array<{ displayName: string; desc?: boolean }> | undefined}
    />
  );
}
