-- CreateTable
CREATE TABLE "VolunteerSearch" (
    "requestId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "round" INTEGER NOT NULL DEFAULT 1,
    "by" TEXT NOT NULL,
    "allowsMinors" BOOLEAN NOT NULL DEFAULT false,
    "statusAtStart" TEXT NOT NULL,
    "dueAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "VolunteerSearch_pkey" PRIMARY KEY ("requestId")
);

-- CreateTable
CREATE TABLE "VolunteerOffer" (
    "id" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "volunteerId" TEXT,
    "status" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "times" INTEGER NOT NULL DEFAULT 1,
    "offeredAt" TIMESTAMP(3) NOT NULL,
    "answerBy" TIMESTAMP(3) NOT NULL,
    "answeredAt" TIMESTAMP(3),
    "acceptedIn" TEXT,
    "toldAt" TIMESTAMP(3),

    CONSTRAINT "VolunteerOffer_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "VolunteerSearch_state_dueAt_idx" ON "VolunteerSearch"("state", "dueAt");

-- CreateIndex
CREATE INDEX "VolunteerOffer_volunteerId_status_idx" ON "VolunteerOffer"("volunteerId", "status");

-- CreateIndex
CREATE UNIQUE INDEX "VolunteerOffer_requestId_volunteerId_key" ON "VolunteerOffer"("requestId", "volunteerId");

-- AddForeignKey
ALTER TABLE "VolunteerSearch" ADD CONSTRAINT "VolunteerSearch_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "VolunteerOffer" ADD CONSTRAINT "VolunteerOffer_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "VolunteerSearch"("requestId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "VolunteerOffer" ADD CONSTRAINT "VolunteerOffer_volunteerId_fkey" FOREIGN KEY ("volunteerId") REFERENCES "Volunteer"("id") ON DELETE SET NULL ON UPDATE CASCADE;
