-- CreateTable
CREATE TABLE "MisreadMessage" (
    "id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "first" TEXT,
    "firstProbability" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "second" TEXT,
    "secondProbability" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "chosen" TEXT,
    "status" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "lastSeenAt" TIMESTAMP(3) NOT NULL,
    "decidedBy" TEXT,
    "decidedAt" TIMESTAMP(3),

    CONSTRAINT "MisreadMessage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MisreadSighting" (
    "inboundId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "misreadId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "MisreadSighting_pkey" PRIMARY KEY ("inboundId")
);

-- CreateTable
CREATE TABLE "TalkExample" (
    "id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "intent" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "removedAt" TIMESTAMP(3),

    CONSTRAINT "TalkExample_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "MisreadMessage_text_key" ON "MisreadMessage"("text");

-- CreateIndex
CREATE INDEX "MisreadMessage_status_lastSeenAt_idx" ON "MisreadMessage"("status", "lastSeenAt");

-- CreateIndex
CREATE INDEX "MisreadSighting_personId_idx" ON "MisreadSighting"("personId");

-- CreateIndex
CREATE INDEX "MisreadSighting_misreadId_idx" ON "MisreadSighting"("misreadId");

-- CreateIndex
CREATE INDEX "TalkExample_removedAt_idx" ON "TalkExample"("removedAt");

-- AddForeignKey
ALTER TABLE "MisreadSighting" ADD CONSTRAINT "MisreadSighting_inboundId_fkey" FOREIGN KEY ("inboundId") REFERENCES "InboundMessage"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MisreadSighting" ADD CONSTRAINT "MisreadSighting_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MisreadSighting" ADD CONSTRAINT "MisreadSighting_misreadId_fkey" FOREIGN KEY ("misreadId") REFERENCES "MisreadMessage"("id") ON DELETE CASCADE ON UPDATE CASCADE;
