-- AlterTable
ALTER TABLE "InboundMessage" ADD COLUMN "answered" JSONB;

-- CreateTable
CREATE TABLE "AnswerVote" (
    "inboundId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "isUseful" BOOLEAN NOT NULL,
    "questionId" TEXT,
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL,

    PRIMARY KEY ("inboundId", "personId"),
    CONSTRAINT "AnswerVote_inboundId_fkey" FOREIGN KEY ("inboundId") REFERENCES "InboundMessage" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "AnswerVote_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "AnswerVote_questionId_fkey" FOREIGN KEY ("questionId") REFERENCES "UnansweredQuestion" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_UnansweredQuestion" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "question" TEXT NOT NULL,
    "documentId" TEXT,
    "clause" TEXT,
    "score" REAL NOT NULL,
    "timesAsked" INTEGER NOT NULL DEFAULT 1,
    "status" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "lastAskedAt" DATETIME NOT NULL,
    "wasRefused" BOOLEAN NOT NULL DEFAULT true,
    "decidedBy" TEXT,
    "decidedAt" DATETIME,
    "decisionId" TEXT
);
INSERT INTO "new_UnansweredQuestion" ("clause", "createdAt", "decidedBy", "documentId", "id", "lastAskedAt", "question", "score", "status", "timesAsked") SELECT "clause", "createdAt", "decidedBy", "documentId", "id", "lastAskedAt", "question", "score", "status", "timesAsked" FROM "UnansweredQuestion";
DROP TABLE "UnansweredQuestion";
ALTER TABLE "new_UnansweredQuestion" RENAME TO "UnansweredQuestion";
CREATE UNIQUE INDEX "UnansweredQuestion_question_key" ON "UnansweredQuestion"("question");
CREATE INDEX "UnansweredQuestion_status_lastAskedAt_idx" ON "UnansweredQuestion"("status", "lastAskedAt");
CREATE INDEX "UnansweredQuestion_decisionId_idx" ON "UnansweredQuestion"("decisionId");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "AnswerVote_personId_idx" ON "AnswerVote"("personId");

-- CreateIndex
CREATE INDEX "AnswerVote_questionId_idx" ON "AnswerVote"("questionId");
