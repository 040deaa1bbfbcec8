import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { REPOSITORY } from '../embedded/home.ts'
import { StageError } from '../stage.ts'
import { composeFailure } from './compose-failure.ts'

/** The first Compose that knows configs with their content. */
const OLDEST = [2, 23, 1]

const Config = Type.Object({ services: Type.Record(Type.String(), Type.Object({ image: Type.String() })) })
export type ComposeConfig = Static<typeof Config>

/** Docker Compose on compose.yaml, for one project and one engine. */
export class Compose {
  readonly #command: string[]
  readonly #environment: NodeJS.ProcessEnv
  readonly #project: string
  readonly version: string

  private constructor(command: string[], version: string, environment: NodeJS.ProcessEnv, project: string) {
    this.#command = command
    this.version = version
    this.#environment = environment
    this.#project = project
  }

  /** As a person types it: `docker compose`, or `docker-compose`. */
  get command(): string {
    return this.#command.join(' ')
  }

  /** @throws StageError when there is none, or one that is too old */
  static async find(endpoint: string, project: string, environment: NodeJS.ProcessEnv): Promise<Compose> {
    // What other projects leave in a shell must not reach this one; the implementation is the stage's to choose.
    const {
      COMPOSE_FILE: _,
      COMPOSE_ENV_FILES: __,
      DOCKER_CONTEXT: ___,
      ORDER_IMPLEMENTATION: ____,
      ...rest
    } = environment
    const clean = { ...rest, DOCKER_HOST: endpoint }
    let old: string | undefined
    for (const command of [['docker', 'compose'], ['docker-compose']]) {
      const { code, output } = await run([...command, 'version', '--short'], clean)
      if (code !== 0) continue
      const version = output.trim().split('\n').at(-1) ?? ''
      if (isAtLeast(version, OLDEST)) return new Compose(command, version, clean, project)
      old ??= version
    }
    throw old === undefined ? missing() : tooOld(old)
  }

  /** Services that the active profiles have, and their images. */
  async config(variables: Record<string, string>): Promise<ComposeConfig> {
    return Value.Parse(Config, JSON.parse(await this.run(['config', '--format', 'json'], variables)))
  }

  /** Of each service's definition, as Compose writes it on the container that it makes. */
  async hashes(variables: Record<string, string>): Promise<Map<string, string>> {
    const lines = (await this.run(['config', '--hash', '*'], variables)).trim().split('\n')
    return new Map(lines.map((line) => [line.split(/\s+/)[0] ?? '', line.split(/\s+/)[1] ?? '']))
  }

  /** @throws StageError that explains what it printed; the reason of `signal` when that aborts */
  async run(args: string[], variables: Record<string, string>, signal?: AbortSignal): Promise<string> {
    const files = ['--project-directory', REPOSITORY, '--file', join(REPOSITORY, 'compose.yaml')]
    const command = [...this.#command, '--project-name', this.#project, ...files, ...args]
    const { code, output, errors } = await run(command, { ...this.#environment, ...variables }, signal)
    signal?.throwIfAborted()
    if (code !== 0) throw composeFailure(errors)
    return output
  }
}

interface Outcome {
  code: number | null
  output: string
  errors: string
}

function run(command: string[], env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    ...(signal && { signal }),
  })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text
  })
  child.on('error', (error) => {
    // One that was told to end may still make a container: its end is what counts.
    if (child.pid === undefined) resolve({ code: null, output, errors: error.message })
  })
  child.on('close', (code) => resolve({ code, output, errors }))
  return promise
}

function isAtLeast(version: string, oldest: number[]): boolean {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number)
  if (parts === undefined) return false
  const differs = parts.findIndex((part, index) => part !== oldest[index])
  return differs < 0 || (parts[differs] ?? 0) > (oldest[differs] ?? 0)
}

function missing(): StageError {
  return new StageError('compose-missing', {
    what: 'Docker Compose is not installed.',
    meaning: `The containers are described by compose.yaml, which needs Compose ${OLDEST.join('.')} or later.`,
    remedy: [
      'docker compose version    to see whether it is there',
      'https://docs.docker.com/compose/install/    says how to install it',
    ],
  })
}

function tooOld(version: string): StageError {
  return new StageError('compose-old', {
    what: `Docker Compose ${version} is too old.`,
    meaning: `compose.yaml needs ${OLDEST.join('.')} or later, for files that it holds itself.`,
    remedy: ['https://docs.docker.com/compose/install/    says how to install a newer one'],
  })
}
