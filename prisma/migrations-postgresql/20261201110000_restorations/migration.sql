-- CreateTable
CREATE TABLE "Restoration" (
    "id" TEXT NOT NULL,
    "backupAt" TIMESTAMP(3) NOT NULL,
    "restoredAt" TIMESTAMP(3) NOT NULL,
    "decision" TEXT,
    "decidedBy" TEXT,
    "decidedAt" TIMESTAMP(3),

    CONSTRAINT "Restoration_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Restoration_decidedAt_idx" ON "Restoration"("decidedAt");
