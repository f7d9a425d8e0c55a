-- CreateTable
CREATE TABLE "QuestionAsker" (
    "inboundId" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "questionId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "QuestionAsker_inboundId_fkey" FOREIGN KEY ("inboundId") REFERENCES "InboundMessage" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "QuestionAsker_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "QuestionAsker_questionId_fkey" FOREIGN KEY ("questionId") REFERENCES "UnansweredQuestion" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "OfficeAnswer" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "question" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "documentId" TEXT,
    "clause" TEXT,
    "addedBy" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "removedAt" DATETIME
);

-- CreateIndex
CREATE INDEX "QuestionAsker_personId_idx" ON "QuestionAsker"("personId");

-- CreateIndex
CREATE INDEX "QuestionAsker_questionId_idx" ON "QuestionAsker"("questionId");

-- CreateIndex
CREATE INDEX "OfficeAnswer_removedAt_idx" ON "OfficeAnswer"("removedAt");
