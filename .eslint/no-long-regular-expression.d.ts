import type { Rule } from 'eslint'

export const noLongRegularExpression: Rule.RuleModule
