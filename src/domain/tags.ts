/** Longest tag of a person or a group, in characters (code points). */
export const LONGEST_TAG = 20
/** Most tags that one person or one group has. */
export const MOST_TAGS = 20
