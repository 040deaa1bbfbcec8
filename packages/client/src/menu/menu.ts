import inquirer from 'inquirer'
import { EXIT } from '../cli/errors.ts'
import { chooseOrderService } from '../cli/order-service.ts'
import type { Context } from '../cli/perform.ts'
import { renderError } from '../cli/report-error.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { ends } from '../screen/layout.ts'
import { entries, type MenuEntry } from './entries.ts'
import { keepKitchen } from './kept-kitchen.ts'

/** Asks what to do until the person quits. An error is told, and the menu comes again. */
export async function showMenu(context: Context): Promise<number> {
  const { output, signal } = context
  const { theme } = output
  const kitchen = await keepKitchen(context, chooseOrderService('starting', REPOSITORY).file)
  try {
    while (true) {
      output.print('', ends(theme, 'Chaos Kitchen', `this machine · ${kitchen.state()}`, theme.bold), '')
      const chosen = await ask()
      signal.throwIfAborted()
      if (chosen === undefined) return EXIT.passed
      await chosen.run(context, kitchen).catch((error) => {
        signal.throwIfAborted()
        if (!isGoingBack(error)) output.print('', ...renderError(theme, error))
      })
    }
  } finally {
    output.note('Closing the restaurant …')
    await kitchen.close()
  }
}

const QUIT = 'Quit'

/** Undefined for leaving; Ctrl-C at the question is how many people leave. */
async function ask(): Promise<MenuEntry | undefined> {
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
    const { chosen } = await inquirer.prompt([{ ...question, choices: [...choices, { name: QUIT, value: QUIT }] }])
    return entries.find(({ name }) => name === chosen)
  } catch (error) {
    if (isGoingBack(error)) return undefined
    throw error
  }
}

function isGoingBack(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError'
}
