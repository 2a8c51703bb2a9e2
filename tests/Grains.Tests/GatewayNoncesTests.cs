namespace Gongji.Grains.Tests;

/// <summary>A signature is accepted once, and its nonce is remembered no longer than the signature could be valid.</summary>
public sealed class GatewayNoncesTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private static readonly Guid Nonce = GatewayNonces.FingerprintOf("a nonce");

    [Fact]
    public async Task Nonce_is_taken_once_for_each_key()
    {
        DateTimeOffset expires = TimeProvider.System.GetUtcNow().AddMinutes(1);

        Assert.Equal(NonceUse.Taken, await silo.Grains.GetNonces("key-1", Nonce).UseAsync(Nonce, expires));
        Assert.Equal(NonceUse.Replayed, await silo.Grains.GetNonces("key-1", Nonce).UseAsync(Nonce, expires));
        Assert.Equal(NonceUse.Replayed, await silo.Grains.GetNonces("key-1", Nonce).UseAsync(Nonce, expires.AddMinutes(1)));
        Assert.Equal(NonceUse.Taken, await silo.Grains.GetNonces("key-2", Nonce).UseAsync(Nonce, expires));
    }

    [Fact]
    public async Task Nonce_is_taken_by_one_of_many_who_ask_at_once()
    {
        Guid contested = Guid.NewGuid();
        DateTimeOffset expires = TimeProvider.System.GetUtcNow().AddMinutes(1);

        NonceUse[] uses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => silo.Grains.GetNonces("key-1", contested).UseAsync(contested, expires)));

        Assert.Single(uses, NonceUse.Taken);
        Assert.Equal(99, uses.Count(use => use == NonceUse.Replayed));
    }

    [Fact]
    public void Nonce_is_remembered_until_its_signature_has_surely_expired()
    {
        NonceMemory memory = new();
        DateTimeOffset now = SiloFixture.Morning;
        DateTimeOffset expires = now.AddMinutes(5);
        Assert.Equal(NonceUse.Taken, memory.Use(Nonce, expires, now));

        now = expires + GrainLimits.NonceKeptAfterExpiry;
        Assert.Equal(NonceUse.Replayed, memory.Use(Nonce, expires, now));
        Assert.Equal(NonceUse.Taken, memory.Use(Nonce, now.AddMinutes(5), now.AddTicks(1)));
    }

    [Fact]
    public void Memory_is_bounded_and_free_again_when_signatures_have_expired()
    {
        NonceMemory memory = new();
        DateTimeOffset now = SiloFixture.Morning;
        for (int count = 0; count < GrainLimits.NoncesPerShard; count++)
        {
            Assert.Equal(NonceUse.Taken, memory.Use(Guid.CreateVersion7(), now.AddMinutes(1), now));
        }

        Assert.Equal(NonceUse.NoRoom, memory.Use(Nonce, now.AddMinutes(1), now));
        Assert.Equal(NonceUse.Taken, memory.Use(Nonce, now.AddMinutes(4), now.AddMinutes(3)));
    }

    [Fact]
    public void Nonces_are_spread_over_shards()
    {
        int[] shards = [.. Enumerable.Range(0, 1_600).Select(number => GatewayNonces.FingerprintOf($"nonce {number}").ToByteArray(bigEndian: true)[15] % GatewayNonces.Shards)];

        Assert.All(shards.CountBy(shard => shard), shard => Assert.InRange(shard.Value, 50, 170));
        Assert.Equal(GatewayNonces.Shards, shards.Distinct().Count());
        Assert.NotEqual(GatewayNonces.FingerprintOf(new string('x', 300)), GatewayNonces.FingerprintOf(new string('x', 301)));
    }
}
