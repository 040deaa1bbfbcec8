/** What the command line says. */
export interface Arguments {
  readonly host: string
  readonly port: number
  readonly config: string | undefined
  readonly withToxics: boolean
  readonly proxyMetrics: boolean
  readonly seed: number | undefined
  readonly version: boolean
  readonly help: boolean
}

/** The command line is wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const USAGE = `Usage: chaos-proxy [flags]
  -host string       host for the API to listen on (default "localhost", bound as 127.0.0.1)
  -port number       port for the API to listen on; 0 takes a free one (default 8474)
  -config file       JSON file with the proxies to create at the start
  -with-toxics       also create the toxics that the file lists in a proxy's "toxics"
  -proxy-metrics     serve /metrics for Prometheus
  -seed number       makes toxicity, jitter and slices repeat (default: random)
  -version           print the version and end
  -help              print this and end
`

const VALUES = new Set(['host', 'port', 'config', 'seed'])
const SWITCHES = new Set(['with-toxics', 'proxy-metrics', 'version', 'help'])

/** Reads flags the way Go does: `-port 1`, `-port=1` and `--port 1` are the same. @throws UsageError */
export function parseArguments(words: readonly string[]): Arguments {
  const values = new Map<string, string>()
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name = '', , inline] = /^--?([a-z-]+)(=(.*))?$/.exec(word) ?? []
    if (SWITCHES.has(name)) values.set(name, inline ?? 'true')
    else if (VALUES.has(name)) values.set(name, inline ?? rest.shift() ?? fail(`-${name} needs a value`))
    else fail(`"${word}" is not a flag of chaos-proxy`)
  }
  const on = (name: string) => values.has(name) && values.get(name) !== 'false'
  return {
    host: values.get('host') ?? 'localhost',
    port: integer('port', values.get('port'), 0, 65_535) ?? 8474,
    config: values.get('config'),
    seed: integer('seed', values.get('seed'), Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    withToxics: on('with-toxics'),
    proxyMetrics: on('proxy-metrics'),
    version: on('version'),
    help: on('help'),
  }
}

function integer(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  const valid = text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most
  return valid ? value : fail(`-${name} must be a whole number from ${least} to ${most}, not "${text}"`)
}

function fail(message: string): never {
  throw new UsageError(message)
}
