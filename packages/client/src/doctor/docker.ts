import { StageError } from '@chaos-kitchen/kitchen'
import type { Check, CheckResult, Machine } from './check.ts'

/** What `--docker` needs; without it, what is missing is told and is no failure. */
export const dockerEngine: Check = {
  name: 'Docker',
  async run(machine) {
    const { engine } = await machine.docker()
    if (engine instanceof StageError) return missing(machine, engine)
    const chosen = machine.environment.DOCKER_HOST ? ', chosen by DOCKER_HOST' : ''
    return { ok: true, found: `${engine.version} at ${engine.endpoint}${chosen}` }
  },
}

export const dockerCompose: Check = {
  name: 'Compose',
  async run(machine) {
    const { compose } = await machine.docker()
    if (compose instanceof StageError) return missing(machine, compose)
    return { ok: true, found: `${compose.version}, as ${compose.command}` }
  },
}

/** Those that are missing are pulled by the first start; in a room full of people it is better done before. */
export const dockerImages: Check = {
  name: 'images',
  async run(machine) {
    const { images, compose } = await machine.docker()
    if (images === undefined || compose instanceof StageError)
      return { ok: !isNeeded(machine), ...optional(machine), found: 'not known without Docker and Compose' }
    if (images instanceof StageError) return missing(machine, images)
    const all = images.here.length + images.missing.length
    if (images.missing.length === 0) return { ok: true, found: `all ${all} are here` }
    return {
      ok: true,
      found: `${images.here.length} of ${all} are here; a start with --docker pulls the others`,
      remedy: [`${compose.command} pull    gets ${images.missing.join(', ')}`],
    }
  },
}

function missing(machine: Machine, { message, meaning, remedy }: StageError): CheckResult {
  if (isNeeded(machine)) return { ok: false, found: message, remedy: [meaning, ...remedy] }
  return { ok: true, ...optional(machine), found: `${message} Only --docker needs it.` }
}

function isNeeded({ stage }: Machine): boolean {
  return stage.kind === 'docker'
}

function optional(machine: Machine): { optional?: true } {
  return isNeeded(machine) ? {} : { optional: true }
}
