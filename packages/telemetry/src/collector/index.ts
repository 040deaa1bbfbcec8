import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { createApp } from './app.ts'
import { Store, type StoreOptions } from './store/store.ts'

export interface CollectorOptions {
  /** Default 127.0.0.1. */
  host?: string
  /** 0 for a free one. */
  port: number
  /** Path of the SQLite file; its folder is made. `:memory:` keeps everything in memory. */
  store: string
  /** Told once when the store's disk can't be written, and once when it can again. */
  onDisk?: StoreOptions['onDisk']
}

export interface Collector {
  /** For example `http://127.0.0.1:3000`; also the OTLP endpoint. */
  url: string
  stop(): Promise<void>
}

/**
 * Starts a trace collector: OTLP/HTTP in, traces as JSON and as pages out, bounded storage. It goes on in memory where
 * the disk is full or can't be written.
 *
 * @throws the listen error, with `code` EADDRINUSE where the port is taken
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { host = '127.0.0.1', port, store: path, onDisk } = options
  makeFolder(path)
  const store = new Store(onDisk ? { path, onDisk } : { path })
  const app = await createApp(store)
  try {
    return {
      url: await app.listen({ host, port }),
      stop: async () => {
        await app.close()
        store.close()
      },
    }
  } catch (error) {
    store.close()
    throw error
  }
}

function makeFolder(path: string): void {
  if (path === ':memory:') return
  try {
    mkdirSync(dirname(path), { recursive: true })
  } catch {
    // The store finds the same out when it opens the file, says so, and goes on in memory.
  }
}
