-- AlterTable
ALTER TABLE "KnownGap" ADD COLUMN     "print" TEXT;

-- AlterTable
ALTER TABLE "OfficeAnswer" ADD COLUMN     "print" TEXT;

-- AlterTable
ALTER TABLE "TypicalQuestion" ADD COLUMN     "print" TEXT;

-- AlterTable
ALTER TABLE "UnansweredQuestion" ADD COLUMN     "print" TEXT;

-- CreateTable
CREATE TABLE "DocumentVersion" (
    "id" TEXT NOT NULL,
    "documentId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "print" TEXT NOT NULL,
    "markdown" TEXT NOT NULL,
    "clauses" JSONB NOT NULL,
    "besides" JSONB,
    "by" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "DocumentVersion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ClauseUse" (
    "documentId" TEXT NOT NULL,
    "print" TEXT NOT NULL,
    "answered" INTEGER NOT NULL,
    "lastAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ClauseUse_pkey" PRIMARY KEY ("documentId","print")
);

-- CreateIndex
CREATE INDEX "DocumentVersion_documentId_createdAt_idx" ON "DocumentVersion"("documentId", "createdAt");
