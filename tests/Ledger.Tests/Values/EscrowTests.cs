namespace Gongji.Ledger.Tests;

public sealed class EscrowTests
{
    [Theory]
    [InlineData(100, 0, 0, 100)]
    [InlineData(100, -40, 10, 50)]
    [InlineData(100, 40, 10, 130)]
    [InlineData(100, -100, 0, 0)]
    [InlineData(100, -150, 0, 0)]
    [InlineData(100, -50, 60, 0)]
    [InlineData(long.MaxValue, long.MaxValue, 0, long.MaxValue)]
    [InlineData(0, long.MinValue, long.MaxValue, 0)]
    public void Headroom_is_what_is_over_and_never_negative(long capFen, long netFen, long openFen, long expectedFen)
    {
        Assert.Equal(expectedFen, Escrow.HeadroomFen(capFen, netFen, openFen));
    }

    [Theory]
    [InlineData(1_000, 1, 10_000, 250)]
    [InlineData(1_000, 1, 100, 100)]
    [InlineData(1_000, 300, 10_000, 300)]
    [InlineData(1_000, 1_000, 1_000, 1_000)]
    [InlineData(1_000, 1_001, 1_001, 0)]
    [InlineData(3, 1, 256, 1)]
    [InlineData(0, 1, 256, 0)]
    public void Slice_is_a_part_of_the_headroom_or_what_is_needed_or_nothing(long headroomFen, long needFen, long wantFen, long expectedFen)
    {
        Assert.Equal(expectedFen, Escrow.SliceFen(headroomFen, needFen, wantFen));
    }

    [Fact]
    public void Debits_are_what_other_regions_are_given()
    {
        (RegionCode suzhou, RegionCode zhengzhou, RegionCode beijing) = (RegionCode.Parse("320500"), RegionCode.Parse("410100"), RegionCode.Parse("110000"));
        DateOnly day = new(2024, 12, 2);
        Dictionary<DeltaKey, DeltaSum> deltas = new()
        {
            [new(Activity.Transfer, Tier.CrossProvince, day, suzhou, zhengzhou)] = new(2, 30),
            [new(Activity.Transfer, Tier.CrossProvince, day, suzhou, beijing)] = new(1, 5),
            [new(Activity.Move, Tier.CrossProvince, day, suzhou, zhengzhou)] = new(1, 7),
            [new(Activity.Move, Tier.CrossProvince, day, beijing, suzhou)] = new(1, 0),
            [new(Activity.Transfer, Tier.SameRegion, day, suzhou, suzhou)] = new(1, 1_000),
            [new(Activity.Credit, Tier.SameRegion, day, RegionCode.Outside, suzhou)] = new(1, 1_000),
            [new(Activity.WalletOpened, Tier.SameRegion, day, zhengzhou, suzhou)] = new(1, 0),
        };

        Assert.Equal(new Dictionary<RegionCode, long> { [suzhou] = 42 }, Escrow.Debits(deltas));
    }

    /// <summary>Batches, grants, revocations and incoming money in any order: the cap is never exceeded, and free headroom can always be granted.</summary>
    [Fact]
    public void Cap_holds_whatever_the_order_of_grants_debits_and_revocations()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            Random random = new(seed);
            long capFen = random.Next(0, 2_000);
            long netFen = 0;
            long[] openFen = new long[4];
            for (int step = 0; step < 400; step++)
            {
                int silo = random.Next(openFen.Length);
                long fen = random.Next(1, 120);
                switch (random.Next(5))
                {
                    case 0 or 1:
                        long headroomFen = Escrow.HeadroomFen(capFen, netFen, openFen.Sum());
                        long sliceFen = Escrow.SliceFen(headroomFen, fen, fen * 10);
                        Assert.True(sliceFen == 0 ? fen > headroomFen : sliceFen >= fen && sliceFen <= headroomFen);
                        openFen[silo] += sliceFen;
                        break;
                    case 2 when openFen[silo] >= fen:
                        (openFen[silo], netFen) = (openFen[silo] - fen, netFen - fen);
                        break;
                    case 3:
                        openFen[silo] = 0;
                        break;
                    default:
                        netFen += random.Next(20) == 0 ? fen : 0;
                        break;
                }

                Assert.True(capFen + netFen - openFen.Sum() >= 0, $"seed {seed}, step {step}");
            }
        }
    }
}
