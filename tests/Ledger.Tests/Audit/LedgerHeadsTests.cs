using System.Security.Cryptography;
using System.Text;
using Gongji.Ledger.Audit;

namespace Gongji.Ledger.Tests;

public sealed class LedgerHeadsTests
{
    [Fact]
    public void Heads_are_the_last_batch_of_each_chain_and_read_back_as_they_were_written()
    {
        LedgerImage image = LedgerImage.Of(Story.Entries);
        LedgerHeads heads = image.Audit().Heads;

        Assert.Equal(
            image.Batches.GroupBy(batch => batch.Chain).Select(chain => $"{chain.Key} {chain.Count()} {Convert.ToHexStringLower(chain.Last().Hash)}\n"),
            heads.ToText().Split('\n')[..^1].Select(line => line + "\n"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(heads.ToText()))), heads.Digest());
        Assert.True(LedgerHeads.TryParse(heads.ToText(), out LedgerHeads read, out _));
        Assert.Equal(heads.ToText(), read.ToText());
    }

    [Fact]
    public void Heads_of_a_ledger_without_batches_read_back()
    {
        LedgerHeads heads = LedgerImage.Of([]).Audit().Heads;

        Assert.True(LedgerHeads.TryParse(heads.ToText(), out LedgerHeads read, out _));
        Assert.Empty(read.Chains);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(heads.ToText()))), heads.Digest());
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("1 2\n", 1)]
    [InlineData("1 2 00\n", 1)]
    [InlineData("1 2 0000000000000000000000000000000000000000000000000000000000000000\nx", 2)]
    [InlineData("2 2 0000000000000000000000000000000000000000000000000000000000000000\n1 2 0000000000000000000000000000000000000000000000000000000000000000\n", 2)]
    [InlineData("2 2 0000000000000000000000000000000000000000000000000000000000000000\n2 3 0000000000000000000000000000000000000000000000000000000000000000\n", 2)]
    [InlineData("1 -2 0000000000000000000000000000000000000000000000000000000000000000\n", 1)]
    public void Heads_that_are_none_are_refused_with_the_line(string text, int line)
    {
        Assert.False(LedgerHeads.TryParse(text, out _, out string? wrong));
        Assert.StartsWith($"line {line} ", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_of_a_ledger_that_has_grown_since_its_heads_were_noted_is_clean()
    {
        LedgerImage image = LedgerImage.Of(Story.Entries);
        Assert.True(image.Audit(new LedgerHeads([.. image.Batches.Where(batch => batch.Sequence == 1).Select(batch => new ChainHead(batch.Chain, 1, batch.Hash))])).IsClean);
        Assert.True(image.Audit(image.Audit().Heads).IsClean);
    }

    /// <summary>An attacker who can change everything can also recompute every hash; only heads noted elsewhere reveal it.</summary>
    [Fact]
    public void Audit_of_a_ledger_that_was_made_anew_names_the_heads_that_are_not_in_it()
    {
        LedgerHeads noted = LedgerImage.Of(Story.Entries).Audit().Heads;
        Damage damage = new();
        Entry last = damage.Entries[^1];
        damage.Change(last, entry => entry with { At = entry.At.AddMilliseconds(1) });
        Assert.True(damage.Image.Audit().IsClean);

        InvariantReport chains = damage.Image.Audit(noted).Invariants[6];

        int chain = damage.Image.Batches.Single(batch => batch.Entries.Exists(pair => pair.Entry.Account == last.Account && pair.Entry.Version == last.Version)).Chain;
        Assert.Contains($"chain {chain}, batch {noted.Chains.Single(head => head.Chain == chain).Sequence}: its hash was noted as", Assert.Single(chains.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_of_a_ledger_that_lost_its_end_names_the_heads_that_are_not_in_it()
    {
        LedgerHeads noted = LedgerImage.Of(Story.Entries).Audit().Heads;

        InvariantReport chains = LedgerImage.Of([.. Story.Entries.Take(6)]).Audit(noted).Invariants[6];

        Assert.Contains(chains.Violations, text => text.Contains($"chain {noted.Chains[0].Chain}, batch {noted.Chains[0].Sequence}: it was noted", StringComparison.Ordinal));
    }
}
