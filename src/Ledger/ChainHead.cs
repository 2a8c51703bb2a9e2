namespace Gongji.Ledger;

/// <summary>The last durable batch of a chain.</summary>
public sealed record ChainHead(int Chain, long Sequence, byte[] Hash);
