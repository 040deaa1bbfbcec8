import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** Raised with each change of the tables: an older file is thrown away, it holds nothing that must be kept. */
const VERSION = 1

const SCHEMA = `
  CREATE TABLE traces (
    trace_id TEXT PRIMARY KEY, touched INTEGER NOT NULL, start REAL NOT NULL, "end" REAL NOT NULL,
    spans INTEGER NOT NULL, errors INTEGER NOT NULL, root_name TEXT, root_service TEXT
  ) WITHOUT ROWID;
  CREATE INDEX traces_touched ON traces (touched);
  CREATE TABLE spans (
    trace_id TEXT NOT NULL, span_id TEXT NOT NULL, parent_span_id TEXT, service TEXT NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL, start REAL NOT NULL, duration REAL NOT NULL, status TEXT NOT NULL, status_message TEXT,
    details TEXT NOT NULL, PRIMARY KEY (trace_id, span_id)
  ) WITHOUT ROWID;
  CREATE TABLE logs (
    id INTEGER PRIMARY KEY, trace_id TEXT, span_id TEXT, time REAL NOT NULL, service TEXT NOT NULL,
    severity TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL
  );
  CREATE INDEX logs_trace ON logs (trace_id) WHERE trace_id IS NOT NULL;
  CREATE TABLE metrics (
    name TEXT NOT NULL, service TEXT NOT NULL, attributes TEXT NOT NULL, unit TEXT NOT NULL, type TEXT NOT NULL,
    time REAL NOT NULL, value REAL NOT NULL, count REAL, PRIMARY KEY (name, service, attributes)
  ) WITHOUT ROWID;
  CREATE TABLE faults (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, target TEXT NOT NULL, "from" REAL NOT NULL, "to" REAL, label TEXT NOT NULL
  ) WITHOUT ROWID;
  PRAGMA user_version = ${VERSION};
`

/**
 * Opens the file, or memory by the path `:memory:`. A file that is no database, or one of another version, is replaced
 * by an empty one.
 *
 * @throws where the file can't be opened or written at all
 */
export function openDatabase(path: string, maxBytes: number): DatabaseSync {
  try {
    return open(path, maxBytes)
  } catch (error) {
    if (path === ':memory:') throw error
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true })
    return open(path, maxBytes)
  }
}

function open(path: string, maxBytes: number): DatabaseSync {
  const database = new DatabaseSync(path)
  try {
    // A trace survives this process, not a power cut: nothing here is worth waiting for a disk.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA journal_size_limit = 8388608')
    const pageSize = Number(database.prepare('PRAGMA page_size').get()?.page_size ?? 4096)
    database.exec(`PRAGMA max_page_count = ${Math.max(64, Math.floor(maxBytes / pageSize))}`)
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
    if (version === 0) database.exec(`BEGIN; ${SCHEMA} COMMIT`)
    else if (version !== VERSION) throw new Error(`version ${version} of the store`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
