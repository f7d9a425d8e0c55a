-- CreateTable
CREATE TABLE "DutyDay" (
    "date" TEXT NOT NULL,
    "personId" TEXT,
    "deputyId" TEXT,
    "by" TEXT NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "DutyDay_pkey" PRIMARY KEY ("date")
);

-- CreateTable
CREATE TABLE "Alert" (
    "id" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "requestId" TEXT,
    "occasion" INTEGER NOT NULL,
    "words" TEXT NOT NULL,
    "saidAt" TIMESTAMP(3) NOT NULL,
    "saidTimes" INTEGER NOT NULL DEFAULT 0,
    "toldTimes" INTEGER NOT NULL DEFAULT 0,
    "toldAt" TIMESTAMP(3),
    "isSafe" BOOLEAN NOT NULL DEFAULT false,
    "call" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "staffId" TEXT,
    "stage" INTEGER NOT NULL,
    "dueAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL,
    "acknowledgedAt" TIMESTAMP(3),
    "acknowledgedBy" TEXT,
    "endedAt" TIMESTAMP(3),

    CONSTRAINT "Alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AlertNotice" (
    "id" TEXT NOT NULL,
    "alertId" TEXT NOT NULL,
    "staffId" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "acknowledgedAt" TIMESTAMP(3),

    CONSTRAINT "AlertNotice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "DutyDay_personId_idx" ON "DutyDay"("personId");

-- CreateIndex
CREATE INDEX "DutyDay_deputyId_idx" ON "DutyDay"("deputyId");

-- CreateIndex
CREATE INDEX "Alert_acknowledgedAt_endedAt_createdAt_idx" ON "Alert"("acknowledgedAt", "endedAt", "createdAt");

-- CreateIndex
CREATE INDEX "Alert_dueAt_idx" ON "Alert"("dueAt");

-- CreateIndex
CREATE UNIQUE INDEX "Alert_requestId_occasion_key" ON "Alert"("requestId", "occasion");

-- CreateIndex
CREATE UNIQUE INDEX "AlertNotice_key_key" ON "AlertNotice"("key");

-- CreateIndex
CREATE INDEX "AlertNotice_alertId_at_idx" ON "AlertNotice"("alertId", "at");

-- CreateIndex
CREATE INDEX "AlertNotice_staffId_at_idx" ON "AlertNotice"("staffId", "at");

-- AddForeignKey
ALTER TABLE "DutyDay" ADD CONSTRAINT "DutyDay_personId_fkey" FOREIGN KEY ("personId") REFERENCES "StaffMember"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DutyDay" ADD CONSTRAINT "DutyDay_deputyId_fkey" FOREIGN KEY ("deputyId") REFERENCES "StaffMember"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Alert" ADD CONSTRAINT "Alert_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AlertNotice" ADD CONSTRAINT "AlertNotice_alertId_fkey" FOREIGN KEY ("alertId") REFERENCES "Alert"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AlertNotice" ADD CONSTRAINT "AlertNotice_staffId_fkey" FOREIGN KEY ("staffId") REFERENCES "StaffMember"("id") ON DELETE CASCADE ON UPDATE CASCADE;
-- What nobody has confirmed yet stays on the staff's pages; nobody is alerted of the past.
INSERT INTO "Alert" ("id", "number", "requestId", "occasion", "words", "saidAt", "call", "by", "stage", "createdAt")
SELECT "id", "number", "id", 1, "description", "createdAt", '110、119、120', '居民', 99, "createdAt" FROM "ServiceRequest"
WHERE "kind" = 'emergency' AND "acknowledgedAt" IS NULL AND "status" NOT IN ('resolved', 'closed', 'rejected', 'merged', 'cancelled');
