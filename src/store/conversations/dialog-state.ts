import type { ConversationState } from '../../domain/kept-state.ts'
import type { Transaction } from '../engine/store.ts'

/** Keeps what the next turn of this person needs of this one. */
export async function writeDialogState(transaction: Transaction, kept: { conversationId: string; personId: string; state: ConversationState; now: Date }): Promise<void> {
  const state = JSON.stringify(kept.state)
  await transaction.$executeRaw`
    INSERT INTO "DialogState" ("conversationId", "personId", "state", "updatedAt") VALUES (${kept.conversationId}, ${kept.personId}, ${state}, ${kept.now})
    ON CONFLICT ("conversationId", "personId") DO UPDATE SET "state" = excluded."state", "updatedAt" = excluded."updatedAt"`
}
