import type { MoveType } from '../domain/messages/moves.ts'
import type { FormId } from '../domain/messages/understanding.ts'
import type { Form } from './form.ts'
import { serviceRequestForm } from './service-request.ts'
import { volunteerSignupForm } from './volunteer-signup.ts'

/** Which form a move opens. */
export const formOpenedBy = (move: MoveType): Form | undefined => Object.values(FORMS).find(({ opensWith }) => (opensWith as readonly MoveType[]).includes(move))

export const FORMS: Record<FormId, Form> = { service_request: serviceRequestForm, volunteer_signup: volunteerSignupForm }
