using System.Diagnostics.CodeAnalysis;
using Gongji.Api.Http;
using Gongji.Client;
using Microsoft.Extensions.Primitives;

namespace Gongji.Api.Signing;

/// <summary>
/// Checks what the head of a request says about its sender. It writes nothing and calls no other component: a forged call costs one hash.
/// </summary>
internal sealed class SignatureChecker(SigningOptions options, GatewayRegistry gateways, TimeProvider time)
{
    private const int QuotedLengthMax = 80;

    /// <summary>Whether a request has a signature, good or bad.</summary>
    public static bool IsSigned(HttpRequest request) =>
        request.Headers.ContainsKey(SignedFields.SignatureField) || request.Headers.ContainsKey(SignedFields.SignatureInputField);

    public SignatureVerdict Check(HttpRequest request, bool hasBody)
    {
        if (!TryReadSignature(request, out FieldMember? input, out byte[]? signature, out ProblemAnswer? problem)
            || (problem = RefuseComponents(input, hasBody)) is not null
            || !SignatureTerms.TryRead(input, out SignatureTerms terms, out problem))
        {
            return problem;
        }

        if (gateways.Find(terms.KeyId) is not { } gateway)
        {
            return ProblemAnswer.BadSignature($"keyid \"{Shorten(terms.KeyId)}\" is not known here: ask this server's operator which keys it has.");
        }

        if (gateway.Algorithm != terms.Algorithm)
        {
            return ProblemAnswer.BadSignature($"alg is {SignatureAlgorithms.ToText(terms.Algorithm)}, but key {gateway.KeyId} signs with {SignatureAlgorithms.ToText(gateway.Algorithm)}.");
        }

        if (terms.RefuseAt(time.GetUtcNow(), options.ClockSkew) is { } expired)
        {
            return expired;
        }

        if (!TryReadDigest(request, input, out BodyDigest? digest, out problem))
        {
            return problem;
        }

        MessageParts message = new(request, options.PublicUrl);
        byte[]? signed = SignatureBase.Build(input, message.ValueOf, out string? missing);
        return signed is null ? ProblemAnswer.BadSignature($"The signature covers \"{Shorten(missing!)}\", which this request does not have.")
            : gateway.IsSignedBy(signed, signature) ? new SignatureVerdict(gateway, digest, terms.Nonce, DateTimeOffset.FromUnixTimeSeconds(terms.Expires), null)
            : ProblemAnswer.BadSignature(
                $"The signature is not what key {gateway.KeyId} makes of this request. Here \"@method\" is {request.Method} and \"@target-uri\" is {message.TargetUri}, other components are as "
                + "received, \"@signature-params\" is as in Signature-Input: compare that with what was signed (RFC 9421, 2.5), and check the key.");
    }

    private static bool TryReadSignature(
        HttpRequest request,
        [NotNullWhen(true)] out FieldMember? input,
        [NotNullWhen(true)] out byte[]? signature,
        [NotNullWhen(false)] out ProblemAnswer? problem)
    {
        (input, signature, problem) = (null, null, null);
        if (!TryReadOne(request.Headers[SignedFields.SignatureInputField], SignedFields.SignatureInputField, out FieldMember? given, out problem)
            || !TryReadOne(request.Headers[SignedFields.SignatureField], SignedFields.SignatureField, out FieldMember? value, out problem))
        {
            return false;
        }

        if (given.Name != value.Name)
        {
            problem = ProblemAnswer.BadSignature($"Signature-Input is labelled {Shorten(given.Name)} and Signature {Shorten(value.Name)}: both must have the same label.");
        }
        else if (given.Items is null)
        {
            problem = ProblemAnswer.BadSignature("Signature-Input must be a list of covered components in parentheses.");
        }
        else if (value.Value is not byte[] bytes)
        {
            problem = ProblemAnswer.BadSignature("Signature must be bytes: base64 between colons.");
        }
        else
        {
            (input, signature) = (given, bytes);
        }

        return problem is null;
    }

    /// <summary>Reads a dictionary that must have one member. With several, it would be ambiguous which one counts.</summary>
    private static bool TryReadOne(StringValues lines, string field, [NotNullWhen(true)] out FieldMember? member, [NotNullWhen(false)] out ProblemAnswer? problem)
    {
        (member, problem) = (null, null);
        string wrong = " is missing";
        if (lines.Count > 0)
        {
            string text = lines.Count == 1 ? lines[0] ?? string.Empty : string.Join(", ", lines.AsEnumerable());
            bool isRead = StructuredFields.TryParseDictionary(text, out IReadOnlyList<FieldMember>? members, out string? error);
            member = members is [var only] ? only : null;
            wrong = isRead ? $" has {members!.Count} signatures; send one" : $": {error}";
        }

        problem = member is null ? ProblemAnswer.BadSignature($"{field}{wrong}.") : null;
        return member is not null;
    }

    /// <summary>The problem when the signature covers too little, or a component that is not supported.</summary>
    private static ProblemAnswer? RefuseComponents(FieldMember input, bool hasBody)
    {
        HashSet<string> covered = new(StringComparer.Ordinal);
        foreach (FieldItem item in input.Items!)
        {
            if (item.Value is not string name || item.Parameters.Count > 0 || !MessageParts.IsKnown(name))
            {
                return ProblemAnswer.BadSignature(
                    $"The signature covers {Shorten(item.Value.ToString()!)}{(item.Parameters.Count > 0 ? " with parameters" : "")}, which is not reckoned here. Cover {MessageParts.Known} or header fields, "
                    + "all in lower case, as texts without parameters.");
            }

            if (!covered.Add(name))
            {
                return ProblemAnswer.BadSignature($"The signature covers \"{Shorten(name)}\" twice.");
            }
        }

        return !covered.Contains(SignatureBase.Method) ? NotCovered(SignatureBase.Method)
            : !covered.Contains(SignatureBase.TargetUri) ? NotCovered(SignatureBase.TargetUri)
            : hasBody && !covered.Contains(SignatureBase.ContentDigest) ? NotCovered(SignatureBase.ContentDigest)
            : null;
    }

    private static bool TryReadDigest(HttpRequest request, FieldMember input, out BodyDigest? digest, [NotNullWhen(false)] out ProblemAnswer? problem)
    {
        (digest, problem) = (null, null);
        if (!input.Items!.Any(static item => item.Value is SignatureBase.ContentDigest))
        {
            return true;
        }

        string field = string.Join(", ", request.Headers[ContentDigests.Field].AsEnumerable());
        if (field.Length == 0)
        {
            problem = ProblemAnswer.BadSignature("The signature covers \"content-digest\", but the header Content-Digest is missing.");
        }
        else if (!BodyDigest.TryParse(field, out digest, out string? error))
        {
            problem = ProblemAnswer.BadSignature($"Content-Digest: {error}. It looks like sha-256=:base64: (RFC 9530).");
        }

        return problem is null;
    }

    private static ProblemAnswer NotCovered(string component) => ProblemAnswer.BadSignature(
        $"The signature does not cover \"{component}\". It must cover \"@method\" and \"@target-uri\", and \"content-digest\" when there is a body.");

    private static string Shorten(string text) => text.Length <= QuotedLengthMax ? text : string.Concat(text.AsSpan(0, QuotedLengthMax), "…");
}
