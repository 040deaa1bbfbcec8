import { DEADLINE_HEADER } from '@chaos-kitchen/resilience'
import { HttpProblem, ProblemDocument, type ServiceDefinition, type ServiceEnvironment } from '@chaos-kitchen/service'
import { Type } from 'typebox'
import { migrations } from './schema.ts'

const Item = Type.Object({
  id: Type.String(),
  name: Type.String(),
  price: Type.Number({ description: 'Two decimals' }),
})

interface ItemRow {
  id: string
  name: string
  price_in_cents: number
}

/** What there is to eat, and its price. */
export const menuService: ServiceDefinition<ServiceEnvironment> = {
  migrations,
  deadlineHeader: DEADLINE_HEADER,
  // Guests leave nothing in the menu.
  tables: [],
  routes({ app, database }) {
    app.get(
      '/items',
      { schema: { tags: ['menu'], response: { 200: Type.Object({ items: Type.Array(Item) }) } } },
      async () => {
        const rows = await database.query<ItemRow>('SELECT id, name, price_in_cents FROM items ORDER BY id')
        return { items: rows.map(toItem) }
      },
    )

    app.get(
      '/items/:id',
      {
        schema: {
          tags: ['menu'],
          // PostgreSQL can't carry control characters.
          params: Type.Object({ id: Type.String({ maxLength: 100, pattern: '^\\P{C}*$' }) }),
          response: { 200: Item, 404: ProblemDocument },
        },
      },
      async (request) => {
        const { id } = request.params
        const [row] = await database.query<ItemRow>('SELECT id, name, price_in_cents FROM items WHERE id = $1', [id])
        if (!row) throw new HttpProblem(404, { type: 'unknown-item', detail: `The menu has no item "${id}".` })
        return toItem(row)
      },
    )
  },
}

function toItem(row: ItemRow) {
  return { id: row.id, name: row.name, price: row.price_in_cents / 100 }
}
