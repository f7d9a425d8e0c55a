const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Whether the characters are a resident identity number: region, date of birth and check digit are right (GB 11643). */
export function isIdNumber(characters: string): boolean {
  const id = characters.replace(/\s/g, '').toUpperCase()
  if (!/^[1-8]\d{16}[\dX]$/.test(id)) return false
  const [year, month, day] = [Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14))]
  const date = new Date(Date.UTC(year, month - 1, day))
  if (year < 1900 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false
  const sum = ID_WEIGHTS.reduce((total, weight, index) => total + weight * Number(id[index]), 0)
  return '10X98765432'[sum % 11] === id[17]
}

/** Whether the digits are a bank card number: 15 to 19 of them with a right Luhn check digit. */
export function isBankCard(characters: string): boolean {
  const digits = characters.replace(/\s/g, '')
  if (!/^[3-9]\d{14,18}$/.test(digits)) return false
  const sum = Array.from(digits).reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

const LONG_NUMBER = /(?<![\da-z])\d(?:[ \t]{0,2}\d){13,17}(?:[ \t]{0,2}[\dx])?(?![\da-z])/gi

/** Identity and bank card numbers in a text, without blanks: a message that holds one should not be stored as it is. */
export function findSecretNumbers(text: string): string[] {
  return Array.from(text.matchAll(LONG_NUMBER), (match) => match[0].replace(/\s/g, '')).filter((digits) => isIdNumber(digits) || isBankCard(digits))
}
