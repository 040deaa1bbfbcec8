import type { DatabaseSync } from 'node:sqlite'

/** Root name and service, or those of the earliest span while the root is not there (yet). */
const SUMMARY = `
  SELECT trace_id, start, "end", spans, errors,
    coalesce(root_name, (SELECT name FROM spans WHERE trace_id = t.trace_id ORDER BY start LIMIT 1)) AS name,
    coalesce(root_service, (SELECT service FROM spans WHERE trace_id = t.trace_id ORDER BY start LIMIT 1)) AS service
  FROM traces t WHERE start >= ?`

/** Every statement of the store, prepared once. */
export function prepare(database: DatabaseSync) {
  const sql = (text: string) => database.prepare(text)
  return {
    addSpan: sql('INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'),
    touchTrace: sql(`
      INSERT INTO traces VALUES (?, ?, ?, ?, 1, ?, ?, ?)
      ON CONFLICT DO UPDATE SET touched = excluded.touched, start = min(start, excluded.start),
        "end" = max("end", excluded."end"), spans = spans + 1, errors = errors + excluded.errors,
        root_name = coalesce(root_name, excluded.root_name),
        root_service = coalesce(root_service, excluded.root_service)`),
    spansOfTrace: sql('SELECT spans FROM traces WHERE trace_id = ?'),
    spans: sql('SELECT * FROM spans WHERE trace_id = ? ORDER BY start'),
    allSpans: sql('SELECT spans.* FROM spans JOIN traces USING (trace_id) ORDER BY touched'),
    newestTraces: sql(`${SUMMARY} ORDER BY start DESC LIMIT ?`),
    slowestTraces: sql(`${SUMMARY} ORDER BY "end" - start DESC LIMIT ?`),
    oldestTrace: sql('SELECT trace_id, spans FROM traces ORDER BY touched, trace_id LIMIT 1'),
    deleteSpans: sql('DELETE FROM spans WHERE trace_id = ?'),
    deleteTrace: sql('DELETE FROM traces WHERE trace_id = ?'),

    addLog: sql(`
      INSERT INTO logs (trace_id, span_id, time, service, severity, body, attributes) VALUES (?, ?, ?, ?, ?, ?, ?)`),
    trimLogs: sql('DELETE FROM logs WHERE id <= (SELECT max(id) FROM logs) - ?'),
    allLogs: sql('SELECT * FROM logs ORDER BY id'),
    logs: sql('SELECT * FROM logs WHERE trace_id = ? ORDER BY time, id LIMIT ?'),

    addMetric: sql('INSERT OR REPLACE INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    trimMetrics: sql(`
      DELETE FROM metrics WHERE (name, service, attributes) IN
        (SELECT name, service, attributes FROM metrics ORDER BY time LIMIT ?)`),
    metrics: sql('SELECT * FROM metrics ORDER BY name, service, attributes'),

    putFault: sql('INSERT OR REPLACE INTO faults VALUES (?, ?, ?, ?, ?, ?)'),
    trimFaults: sql('DELETE FROM faults WHERE id IN (SELECT id FROM faults ORDER BY "from" LIMIT ?)'),
    fault: sql('SELECT * FROM faults WHERE id = ?'),
    faultsBetween: sql('SELECT * FROM faults WHERE "from" <= ? AND coalesce("to", 1e18) >= ? ORDER BY "from", id'),
  }
}
