import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Editor {
  readonly command: string
  readonly args: readonly string[]
  /** It works in the terminal and needs all of it. */
  readonly inTerminal: boolean
}

/** Editors with windows of their own, which leave the terminal alone. */
const WITH_WINDOW =
  /^(code|code-insiders|codium|cursor|windsurf|zed|subl|mate|atom|idea|webstorm|gvim|gedit|kate|notepad)$/
/** Those of them that take `--goto FILE:LINE`. */
const GOES_TO = /^(code|code-insiders|codium|cursor|windsurf)$/

/** $VISUAL, $EDITOR, or VS Code where it is installed; undefined when none is. */
export function findEditor(
  file: string,
  line: number | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Editor | undefined {
  const wanted =
    environment.VISUAL?.trim() || environment.EDITOR?.trim() || (isInstalled('code', environment) ? 'code' : '')
  const [command, ...options] = wanted.split(/\s+/)
  if (command === undefined || command === '') return undefined
  const name = (command.split(/[\\/]/).at(-1) ?? command).replace(/\.(exe|cmd)$/i, '')
  const args = GOES_TO.test(name) && line !== undefined ? [...options, '--goto', `${file}:${line}`] : [...options, file]
  return { command, args, inTerminal: !WITH_WINDOW.test(name) }
}

/** Resolves with a sentence when it could not be opened; an editor in the terminal, once it was left. */
export function openEditor({ command, args, inTerminal }: Editor): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: inTerminal ? 'inherit' : 'ignore',
      detached: !inTerminal,
      shell: process.platform === 'win32',
    })
    child.once('error', (error) => resolve(`${command} could not be started: ${error.message}.`))
    child.once('exit', () => resolve(undefined))
    if (!inTerminal)
      child.once('spawn', () => {
        child.unref()
        resolve(undefined)
      })
  })
}

function isInstalled(command: string, { PATH = '', PATHEXT = '' }: NodeJS.ProcessEnv): boolean {
  const endings = process.platform === 'win32' ? PATHEXT.split(';') : ['']
  return PATH.split(delimiter).some((folder) => endings.some((ending) => canRun(join(folder, command + ending))))
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
