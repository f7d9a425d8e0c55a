/** The longest regular expression that somebody can still read, and change without breaking another part of it. */
const LONGEST = 200
const MOST_STEPS = 20

/** The text that a node stands for as far as the file itself says; what it does not say counts as nothing. */
function textOf(node, scopeOf, steps = 0) {
  if (!node || steps > MOST_STEPS) return ''
  const read = (other) => textOf(other, scopeOf, steps + 1)
  switch (node.type) {
    case 'Literal':
      return node.regex ? node.regex.pattern : String(node.value)
    case 'TemplateLiteral':
      return node.quasis.map((quasi, index) => quasi.value.cooked + read(node.expressions[index])).join('')
    case 'TaggedTemplateExpression':
      return node.quasi.quasis.map((quasi, index) => quasi.value.raw + read(node.quasi.expressions[index])).join('')
    case 'BinaryExpression':
      return node.operator === '+' ? read(node.left) + read(node.right) : ''
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return read(node.expression)
    case 'Identifier':
      return read(constantOf(node, scopeOf))
    case 'MemberExpression':
      return node.property.name === 'source' ? read(node.object) : ''
    case 'CallExpression':
      return joinedOf(node, scopeOf, steps)
    default:
      return ''
  }
}

function constantOf(node, scopeOf) {
  for (let scope = scopeOf(node); scope; scope = scope.upper) {
    const variable = scope.set.get(node.name)
    if (!variable) continue
    const definition = variable.defs.length === 1 ? variable.defs[0] : undefined
    return definition?.type === 'Variable' && definition.parent.kind === 'const' && definition.node.id.type === 'Identifier' ? definition.node.init : undefined
  }
  return undefined
}

/** [a, b].join('|') of a list that stands in the file; what is done to its members before is not followed. */
function joinedOf(node, scopeOf, steps) {
  if (node.callee.type !== 'MemberExpression' || node.callee.property.name !== 'join') return ''
  let list = node.callee.object
  while (list?.type === 'CallExpression' && list.callee.type === 'MemberExpression') list = list.callee.object
  if (list?.type === 'Identifier') list = constantOf(list, scopeOf)
  while (list?.type === 'TSAsExpression') list = list.expression
  if (list?.type !== 'ArrayExpression') return ''
  const mark = node.arguments[0] === undefined ? ',' : textOf(node.arguments[0], scopeOf, steps + 1)
  return list.elements.map((element) => textOf(element, scopeOf, steps + 1)).join(mark)
}

/** @type {import('eslint').Rule.RuleModule} */
export const noLongRegularExpression = {
  meta: {
    type: 'suggestion',
    docs: { description: `No regular expression longer than ${LONGEST} characters, written out or put together from constants of the file.` },
    messages: { long: `A regular expression of {{ length }} characters (at most ${LONGEST}): learn it from examples, write a parser, or name its parts.` },
    schema: [],
  },
  create(context) {
    const scopeOf = (node) => context.sourceCode.getScope(node)
    const check = (node, pattern) => {
      if (pattern.length > LONGEST) context.report({ node, messageId: 'long', data: { length: String(pattern.length) } })
    }
    const checkMade = (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'RegExp') check(node, textOf(node.arguments[0], scopeOf))
    }
    return {
      Literal: (node) => {
        if (node.regex) check(node, node.regex.pattern)
      },
      NewExpression: checkMade,
      CallExpression: checkMade,
    }
  },
}
