import { request } from 'undici'
import type { OutageEffect, ServiceName } from '../faults/outage-effect.ts'
import type { RunningFault } from './fault-life.ts'

const PATIENCE = 5_000

/**
 * Tells the service how to fail, past the proxies. A service that restarts meanwhile has forgotten, and so has one that
 * was reset: nothing of it outlives the next run.
 */
export async function beginOutage(
  direct: Readonly<Record<ServiceName, string>>,
  { service, behaviour }: OutageEffect,
): Promise<RunningFault> {
  const url = `${direct[service]}/test/behaviour`
  await call(url, 'PUT', behaviour)
  return {
    async end() {
      await call(url, 'DELETE')
      return {}
    },
  }
}

async function call(url: string, method: 'PUT' | 'DELETE', body?: object): Promise<void> {
  const { statusCode, body: reply } = await request(url, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(PATIENCE),
  })
  const text = await reply.text()
  if (statusCode !== 204) throw new Error(`${method} ${url} answered ${statusCode}: ${text}`)
}
