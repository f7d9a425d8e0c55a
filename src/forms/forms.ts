import type { FormId } from '../domain/understanding.ts'
import type { Form } from './form.ts'
import { serviceRequestForm } from './service-request.ts'
import { volunteerSignupForm } from './volunteer-signup.ts'

export const FORMS: Record<FormId, Form> = { service_request: serviceRequestForm, volunteer_signup: volunteerSignupForm }
