import { type Collector, startCollector } from '../../src/collector/index.ts'

/** A collector in memory on a free port. */
export async function memoryCollector(): Promise<Collector> {
  return await startCollector({ port: 0, store: ':memory:' })
}

export function postJson(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}
