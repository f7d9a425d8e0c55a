-- CreateTable
CREATE TABLE "Restoration" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "backupAt" DATETIME NOT NULL,
    "restoredAt" DATETIME NOT NULL,
    "decision" TEXT,
    "decidedBy" TEXT,
    "decidedAt" DATETIME
);

-- CreateIndex
CREATE INDEX "Restoration_decidedAt_idx" ON "Restoration"("decidedAt");
