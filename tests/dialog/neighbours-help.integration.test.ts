import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openNeighbours, type Neighbours } from '../support/neighbours.ts'

let world: Neighbours
beforeEach(async () => {
  world = await openNeighbours()
})
afterEach(() => world.close())

describe('a request for help', () => {
  it('is offered to volunteers nearby, and the first to accept gets it', async () => {
    await world.signUp('zhang')
    const number = await world.askForHelp()
    console.log(await world.pushedTo('zhang'))
    console.log(await world.hear('zhang', `我去 ${number}`))
    console.log(await world.pushedTo('liu'), await world.request(number))
    console.log(await world.hear('liu', '查进度'))
    console.log(await world.hear('zhang', '办好了'))
    console.log(await world.pushedTo('liu'), await world.request(number), await world.offers(number))
    console.log(await world.hear('liu', '5分'))
  })
})
