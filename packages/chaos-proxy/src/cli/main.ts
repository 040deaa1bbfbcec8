import { readFile } from 'node:fs/promises'
import { ChaosProxyError } from '../errors.ts'
import type { Log } from '../log.ts'
import { type ChaosProxyServer, startChaosProxy } from '../server.ts'
import { COMPATIBLE_WITH } from '../version.ts'
import { type Arguments, parseArguments, USAGE, UsageError } from './arguments.ts'
import { stopRequested } from './stop.ts'

const OK = 0
const WRONG_USAGE = 2
const COULD_NOT_RUN = 3

/** Runs the command until it is told to stop. @returns the exit code */
export async function main(words: readonly string[]): Promise<number> {
  try {
    return await run(parseArguments(words))
  } catch (error) {
    process.stderr.write(`chaos-proxy: ${error instanceof Error ? error.message : String(error)}\n`)
    return error instanceof UsageError ? WRONG_USAGE : COULD_NOT_RUN
  }
}

async function run(given: Arguments): Promise<number> {
  if (given.help || given.version) {
    process.stdout.write(given.help ? USAGE : `chaos-proxy, compatible with toxiproxy-server ${COMPATIBLE_WITH}\n`)
    return OK
  }
  const { config, withToxics } = given
  const proxies = config === undefined ? [] : await readConfig(config)
  const stopped = stopRequested()
  await using server = await start(given)
  if (config !== undefined) await populate(server, config, proxies, withToxics)
  print({ level: 'info', message: 'Listening', url: server.url, seed: server.seed })
  print({ level: 'info', message: 'Stopping', reason: await stopped })
  return OK
}

async function start({ host, port, proxyMetrics, seed }: Arguments): Promise<ChaosProxyServer> {
  try {
    return await startChaosProxy({ host, port, proxyMetrics, log: print, ...(seed !== undefined && { seed }) })
  } catch (error) {
    throw new Error(explain(error, host, port), { cause: error })
  }
}

function explain(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return `port ${port} of ${host} is taken by another program: stop that one, or choose another with -port`
  if (code === 'EACCES') return `this user may not listen on port ${port}: choose one above 1023 with -port`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is not an address of this machine: choose another with -host`
  return error instanceof Error ? error.message : String(error)
}

async function readConfig(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`the config file ${file} can't be read (${error.code ?? error.message})`)
  })
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(`the config file ${file} is not JSON: ${error instanceof Error ? error.message : error}`)
  }
}

async function populate(server: ChaosProxyServer, file: string, proxies: unknown, withToxics: boolean): Promise<void> {
  try {
    await server.populate(proxies, { withToxics })
  } catch (error) {
    if (!(error instanceof ChaosProxyError)) throw error
    const message = `the config file ${file} can't be used: ${error.message}`
    throw error.status < 500 ? new UsageError(message) : new Error(message)
  }
}

const print: Log = (record) => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...record })}\n`)
}
