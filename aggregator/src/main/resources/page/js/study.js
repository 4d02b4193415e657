// The server's view of a study, made into what the page draws. The one place that knows the view's shape.

const rowKey = (row) => [row.comparison, row.level ?? '', row.measure, row.task, row.protocol, row.statistic].join('|');

function flatnessOf(list) {
  return new Map((list ?? []).map((flat) => [flat.quantity, {...flat.value, ...flat, value: flat.value.value, standardError: flat.value.standardError}]));
}

function checkpointOf(point) {
  return {
    ...point,
    matched: point.matched ?? [],
    flatness: flatnessOf(point.flatness),
    downstream: new Map((point.downstream ?? []).map((down) => [`${down.task}/${down.protocol}`, down])),
  };
}

/** Reads a view. */
export function read(view) {
  const sizes = view.sizes.map((name, place) => ({name, place}));
  const place = new Map(sizes.map((size) => [size.name, size.place]));
  const rows = new Map(view.rows.map((row) => [rowKey(row), {...row, key: rowKey(row)}]));
  const statistics = ['spearman', 'kendall', 'pearson'];
  return {
    ...view,
    sizes,
    runs: view.runs.map((run) => ({...run, place: place.get(run.size), checkpoints: run.checkpoints.map(checkpointOf)})),
    /** The row asked for, or the same question under the statistic that it was answered with. */
    row(wanted, {task, protocol}) {
      return [wanted.statistic, ...statistics].map((statistic) => rows.get(rowKey({...wanted, task, protocol, statistic})))
        .find((row) => row !== undefined);
    },
  };
}
