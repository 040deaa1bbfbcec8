import inquirer from 'inquirer'
import { EXIT } from '../cli/errors.ts'
import { chooseOrderService } from '../cli/order-service.ts'
import type { Context } from '../cli/perform.ts'
import { renderError } from '../cli/report-error.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { ends } from '../screen/layout.ts'
import { entries, type MenuEntry } from './entries.ts'
import { keepKitchen } from './kept-kitchen.ts'
import { askWhere, remembersDocker } from './where.ts'

/** Asks what to do until the person quits; where the restaurant runs is one of the questions, and is remembered. */
export async function showMenu(context: Context): Promise<number> {
  let docker: boolean | undefined = context.options.docker ?? (await remembersDocker())
  while (docker !== undefined) docker = await serve({ ...context, options: { ...context.options, docker } })
  return EXIT.passed
}

/**
 * One restaurant, for as long as it runs in the same place. An error is told, and the menu comes again.
 *
 * @returns whether the next one runs on Docker; undefined when the person quits
 */
async function serve(context: Context): Promise<boolean | undefined> {
  const { output, signal, options } = context
  const { docker = false } = options
  const { theme } = output
  const place = docker ? 'Docker' : 'this machine'
  const kitchen = await keepKitchen(context, chooseOrderService('starting', REPOSITORY).file)
  try {
    let answer: readonly string[] = []
    while (true) {
      output.print('', ends(theme, 'Chaos Kitchen', `${place} · ${kitchen.state()}`, theme.bold), ...answer, '')
      const chosen = await ask(place)
      signal.throwIfAborted()
      if (chosen === QUIT) return undefined
      if (chosen === WHERE) {
        const next = await askWhere(docker).catch(stay(docker))
        if (next === docker) continue
        return next
      }
      const told = await chosen.run(context, kitchen).catch((error: unknown) => {
        signal.throwIfAborted()
        if (!isGoingBack(error)) output.print('', ...renderError(theme, error))
      })
      answer = typeof told === 'string' ? [told] : []
    }
  } finally {
    output.note('Closing the restaurant …')
    await kitchen.close()
  }
}

const WHERE = 'Where it runs'
const QUIT = 'Quit'

/** Ctrl-C at a question is how many people go back. */
function stay(docker: boolean): (error: unknown) => boolean {
  return (error) => {
    if (isGoingBack(error)) return docker
    throw error
  }
}

/** Ctrl-C at the question is how many people leave. */
async function ask(place: string): Promise<MenuEntry | typeof WHERE | typeof QUIT> {
  const choices = entries.map(({ name, summary }) => ({
    name: `${name.padEnd(20)}${summary}`,
    short: name,
    value: name,
  }))
  const question = {
    type: 'select',
    name: 'chosen',
    message: 'What would you like to do?',
    pageSize: 10,
    loop: false,
  } as const
  try {
    const where = { name: `${WHERE.padEnd(20)}${place}`, short: WHERE, value: WHERE }
    const { chosen } = await inquirer.prompt([
      { ...question, choices: [...choices, where, { name: QUIT, value: QUIT }] },
    ])
    if (chosen === WHERE) return WHERE
    return entries.find(({ name }) => name === chosen) ?? QUIT
  } catch (error) {
    if (isGoingBack(error)) return QUIT
    throw error
  }
}

function isGoingBack(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError'
}
