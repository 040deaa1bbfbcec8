import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { homeFolder } from '@chaos-kitchen/kitchen'
import inquirer from 'inquirer'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

const Choices = Type.Object({ docker: Type.Optional(Type.Boolean()) })

/** Where the menu ran the restaurant the last time: on Docker, or on this machine. */
export async function remembersDocker(): Promise<boolean> {
  try {
    const choices: unknown = JSON.parse(await readFile(choicesFile(), 'utf8'))
    return Value.Check(Choices, choices) && choices.docker === true
  } catch {
    // None was made yet, or the file is not readable as one: this machine always works.
    return false
  }
}

/** Asks, and remembers the answer for the next menu. */
export async function askWhere(docker: boolean): Promise<boolean> {
  const choices = [
    { name: 'this machine   its own processes, nothing to install', short: 'this machine', value: false },
    { name: 'Docker         containers, the original Toxiproxy, Grafana', short: 'Docker', value: true },
  ]
  const { chosen } = await inquirer.prompt<{ chosen: boolean }>([
    { type: 'select', name: 'chosen', message: 'Where should the restaurant run?', default: docker, choices },
  ])
  await mkdir(homeFolder(), { recursive: true })
  await writeFile(choicesFile(), `${JSON.stringify({ docker: chosen })}\n`)
  return chosen
}

function choicesFile(): string {
  return join(homeFolder(), 'choices.json')
}
