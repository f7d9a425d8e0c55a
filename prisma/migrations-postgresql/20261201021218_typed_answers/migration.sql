-- CreateTable
CREATE TABLE "QuestionAsker" (
    "inboundId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "questionId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "QuestionAsker_pkey" PRIMARY KEY ("inboundId")
);

-- CreateTable
CREATE TABLE "OfficeAnswer" (
    "id" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "documentId" TEXT,
    "clause" TEXT,
    "addedBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "removedAt" TIMESTAMP(3),

    CONSTRAINT "OfficeAnswer_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "QuestionAsker_personId_idx" ON "QuestionAsker"("personId");

-- CreateIndex
CREATE INDEX "QuestionAsker_questionId_idx" ON "QuestionAsker"("questionId");

-- CreateIndex
CREATE INDEX "OfficeAnswer_removedAt_idx" ON "OfficeAnswer"("removedAt");

-- AddForeignKey
ALTER TABLE "QuestionAsker" ADD CONSTRAINT "QuestionAsker_inboundId_fkey" FOREIGN KEY ("inboundId") REFERENCES "InboundMessage"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "QuestionAsker" ADD CONSTRAINT "QuestionAsker_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "QuestionAsker" ADD CONSTRAINT "QuestionAsker_questionId_fkey" FOREIGN KEY ("questionId") REFERENCES "UnansweredQuestion"("id") ON DELETE CASCADE ON UPDATE CASCADE;
