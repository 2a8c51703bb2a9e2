using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

/// <summary>Region codes, person ids, tiers, kinships and the names of the contract.</summary>
public sealed class CodeTests
{
    [Fact]
    public void RegionCode_of_six_digits_is_read()
    {
        Assert.True(RegionCode.TryParse("320500", out RegionCode region));
        Assert.Equal((320500, 32, "320500"), (region.Value, region.Province, region.ToString()));
        Assert.Equal(region, RegionCode.FromValue(320500));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("32050")]
    [InlineData("3205000")]
    [InlineData("032050")]
    [InlineData("32050a")]
    [InlineData("-20500")]
    [InlineData(" 32050")]
    [InlineData("３２０５００")]
    public void RegionCode_of_anything_else_is_not(string? text)
    {
        Assert.False(RegionCode.TryParse(text, out RegionCode region));
        Assert.Equal(RegionCode.Outside, region);
        Assert.Throws<FormatException>(() => RegionCode.Parse(text!));
    }

    [Fact]
    public void RegionCode_outside_is_written_in_six_digits() => Assert.Equal("000000", RegionCode.Outside.ToString());

    /// <summary>Texts are cached, and some regions share a cache slot.</summary>
    [Fact]
    public void RegionCode_is_written_as_itself_whichever_was_written_before()
    {
        foreach (int value in (int[])[110_000, 110_000 + 1_024, 110_000, 0, 1_024, 0, 999_999, 110_000 + 1_024])
        {
            Assert.Equal(value.ToString("D6", System.Globalization.CultureInfo.InvariantCulture), RegionCode.FromValue(value).ToString());
        }
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("A-z_09", true)]
    [InlineData("123456789012345678901234567890", true)]
    [InlineData("1234567890123456789012345678901", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("父", false)]
    [InlineData("é", false)]
    [InlineData("a\n", false)]
    public void PersonId_form_is_checked(string? text, bool valid) => Assert.Equal(valid, PersonId.IsValid(text));

    [Theory]
    [InlineData("320500", "320500", Tier.SameRegion, "same-region")]
    [InlineData("320500", "320100", Tier.InProvince, "in-province")]
    [InlineData("320500", "410100", Tier.CrossProvince, "cross-province")]
    public void Tier_between_regions_is_told_apart(string from, string to, Tier tier, string name)
    {
        Assert.Equal(tier, Tiers.Between(RegionCode.Parse(from), RegionCode.Parse(to)));
        Assert.Equal(tier, Tiers.Between(RegionCode.Parse(to), RegionCode.Parse(from)));
        Assert.Equal(name, Tiers.ToText(tier));
    }

    [Fact]
    public void Kinship_names_are_read_back_in_both_numbers()
    {
        foreach (Kinship kinship in Enum.GetValues<Kinship>())
        {
            Assert.True(KinshipNames.TryParse(KinshipNames.ToText(kinship), out Kinship read));
            Assert.Equal(kinship, read);
        }

        Assert.True(KinshipNames.TryParse("grandchildren", out Kinship plural));
        Assert.Equal(Kinship.Grandchild, plural);
        Assert.False(KinshipNames.TryParse("cousin", out _));
        Assert.False(KinshipNames.TryParse(null, out _));
    }

    [Fact]
    public void Kinships_narrow_set_is_spouse_parents_and_children()
    {
        Assert.Equal([Kinship.Spouse, Kinship.Parent, Kinship.Child], Kinships.Narrow.Members());
        Assert.Equal(Enum.GetValues<Kinship>(), Kinships.Near.Members());
        Assert.False(Kinships.Narrow.Has(Kinship.Sibling));
        Assert.Empty(Kinships.None.Members());
    }

    [Fact]
    public void Names_of_the_contract_are_unique_and_kebab_case()
    {
        AssertNames(Enum.GetValues<RefusalCode>().Select(RefusalCodes.ToText));
        AssertNames(Enum.GetValues<EntryKind>().Select(EntryKinds.ToText));
        AssertNames(Enum.GetValues<TransferStatus>().Select(TransferStatuses.ToText));
    }

    [Fact]
    public void Names_of_unknown_values_are_bugs()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RefusalCodes.ToText((RefusalCode)999));
        Assert.Throws<ArgumentOutOfRangeException>(() => EntryKinds.ToText((EntryKind)999));
        Assert.Throws<ArgumentOutOfRangeException>(() => TransferStatuses.ToText((TransferStatus)999));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiers.ToText((Tier)999));
    }

    [Fact]
    public void Default_rules_are_the_public_ones_and_nothing_is_live()
    {
        RegionRules rules = RegionRules.Default;
        Assert.Equal((200_000L, 3, new TimeOnly(22, 0), new TimeOnly(6, 0)), (rules.MaxTransferFen, rules.MaxTransfersPerDay, rules.ClosedFrom, rules.ClosedUntil));
        Assert.Equal((Kinships.Near, LiveTiers.None, null), (rules.Kinships, rules.Live, rules.NetDebitCapFen));
        Assert.All(Enum.GetValues<Tier>(), tier => Assert.False(rules.IsLive(tier)));
        Assert.All(Enum.GetValues<Tier>(), tier => Assert.True(Live.IsLive(tier)));
    }

    [Fact]
    public void Catalogue_has_the_regions_of_the_story()
    {
        Assert.Equal("苏州市", RegionCatalogue.Regions[Suzhou].Name);
        Assert.Equal("河南省", RegionCatalogue.Regions[Zhengzhou].ProvinceName);
    }

    private static void AssertNames(IEnumerable<string> names)
    {
        string[] all = [.. names];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, name => Assert.Matches("^[a-z]+(-[a-z]+)*$", name));
    }
}
