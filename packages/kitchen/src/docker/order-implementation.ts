import { stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { REPOSITORY } from '../embedded/home.ts'
import { mistakeOf } from '../embedded/parts/mistake.ts'
import { StageError } from '../stage.ts'
import { readLog } from './container-log.ts'
import type { Docker } from './containers.ts'
import { MOUNT } from './layout.ts'
import { tarOf } from './tar.ts'

/** Read by the order service's container at each start, see compose.yaml. */
const FILE = 'order.env'
const FOLDER = '/tmp'
/** EX_CONFIG: a person has to mend something before a start can succeed. */
export const MISTAKE = 78

/**
 * Writes into the container which implementation it starts with next. It need not run.
 * @throws StageError for a file that the container cannot see
 */
export async function chooseImplementation(docker: Docker, container: string, file: string): Promise<void> {
  const line = `ORDER_IMPLEMENTATION=${quoted(await pathInContainer(file))}\n`
  await docker.getContainer(container).putArchive(tarOf(FILE, line), { path: FOLDER })
}

/** What the order service said when it refused to start, with paths as they are on this machine. */
export async function mistakeIn(docker: Docker, container: string): Promise<StageError> {
  const { code, message, meaning, remedy, location } = mistakeOf(await readLog(docker, container, 50))
  const text = { what: pathsOfThisMachine(message), meaning, remedy }
  if (location === undefined) return new StageError(code, text)
  return new StageError(code, text, { ...location, file: pathsOfThisMachine(location.file) })
}

/** @throws StageError for a file that is not there, or outside of the repository */
export async function pathInContainer(file: string): Promise<string> {
  const path = resolve(file)
  const inside = relative(REPOSITORY, path)
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new StageError('outside-repository', {
      what: `${path} is outside of this repository.`,
      meaning: 'The containers see the repository alone.',
      remedy: [`cp ${path} ${join(REPOSITORY, 'exercises')}    or any other folder of the repository`],
    })
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  if (isFile) return `${MOUNT}/${inside.split(sep).join('/')}`
  throw new StageError(
    'IMPLEMENTATION_NOT_FOUND',
    {
      what: `There is no file ${path}.`,
      meaning: 'The service cannot start until this is mended.',
      remedy: ['Give the path of a file with `export default defineOrderService(…)`.'],
    },
    { file: path },
  )
}

/** What a container printed, with paths as they are on this machine. */
export function pathsOfThisMachine(text: string): string {
  return text.replaceAll(`${MOUNT}/`, `${REPOSITORY}${sep}`)
}

/** In a kind of quotes that the path does not have; Node reads such files without escapes. */
function quoted(path: string): string {
  const quote = ["'", '"', '`'].find((each) => !path.includes(each))
  if (quote !== undefined && !path.includes('\n')) return `${quote}${path}${quote}`
  throw new StageError('odd-path', {
    what: `The path ${path} cannot be handed to a container.`,
    meaning: 'It has line breaks, or quotes of every kind.',
    remedy: ['Rename the folder.'],
  })
}
