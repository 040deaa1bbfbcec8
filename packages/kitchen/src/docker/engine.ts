import { type Engine, EngineError, findEngine } from '@chaos-kitchen/disruptor/containers'
import { StageError } from '../stage.ts'

/** @throws StageError that says why there is no engine to use, and what to do */
export async function openEngine(environment: NodeJS.ProcessEnv): Promise<Engine> {
  try {
    return await findEngine(environment)
  } catch (error) {
    throw error instanceof EngineError ? explain(error) : error
  }
}

function explain({ code, message, tried }: EngineError): StageError {
  const what = `${message}.`
  switch (code) {
    case 'absent':
      return new StageError('engine-absent', {
        what: 'No container engine is running.',
        meaning: `Docker or Podman has to run for --docker. Looked at: ${tried.join(', ')}.`,
        remedy: [...STARTS, WITHOUT],
      })
    case 'forbidden':
      return new StageError('engine-forbidden', {
        what,
        meaning: 'Docker runs, and lets only some users in: on Linux those of the group docker.',
        remedy: ['sudo usermod -aG docker $USER    then log out and in again', WITHOUT],
      })
    case 'remote':
      return new StageError('engine-remote', {
        what,
        meaning: 'The containers have to see this repository and be reached on 127.0.0.1, so it must be this machine.',
        remedy: ['docker context use default    to use the engine of this machine', 'unset DOCKER_HOST', WITHOUT],
      })
    case 'silent':
      return new StageError('engine-silent', {
        what,
        meaning: 'It is starting, hanging, or something else.',
        remedy: ['docker version    to see whether it answers Docker', ...STARTS, WITHOUT],
      })
  }
}

const WITHOUT = 'pnpm workshop    without --docker, to use the processes of this machine'

const STARTS: string[] = {
  linux: ['sudo systemctl start docker    to start it', 'systemctl --user start podman.socket    for Podman'],
  darwin: ['open -a Docker    to start Docker Desktop'],
  win32: ['Start Docker Desktop from the Start menu.'],
}[String(process.platform)] ?? ['Start your container engine.']
