using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Mcp.Confirmation;

/// <summary>
/// The state that travels with a question through the client: an expiry, a random number, and a seal over both, the caller, its rights and everything the
/// agreement is for. It holds on every node, for <see cref="Lifetime"/>, and once on this one. Nothing else is in it, so that nothing can be read from it. Thread-safe.
/// </summary>
internal sealed class ConfirmationSeals(IServerSeal seal, TimeProvider time)
{
    /// <summary>How long a question can be answered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Used states that are remembered; beyond it those that have expired are forgotten, and then all.</summary>
    private const int Capacity = 10_000;

    private const string Purpose = "confirmation 1";
    private const int NonceBytes = 16;
    private const int HeadBytes = sizeof(long) + NonceBytes;
    private const int StateBytes = HeadBytes + IServerSeal.Bytes;

    private readonly ConcurrentDictionary<string, long> _used = new(StringComparer.Ordinal);

    /// <summary>A new state for a question to the caller.</summary>
    public string Make(AccessScope caller, ConfirmationQuestion question)
    {
        Span<byte> state = stackalloc byte[StateBytes];
        BinaryPrimitives.WriteInt64BigEndian(state, time.GetUtcNow().Add(Lifetime).ToUnixTimeSeconds());
        RandomNumberGenerator.Fill(state[sizeof(long)..HeadBytes]);
        SealOf(state[..HeadBytes], caller, question).CopyTo(state[HeadBytes..]);
        return Base64Url.EncodeToString(state);
    }

    /// <summary>The id of the agreement, when the state was made for this question and caller and has not expired; null otherwise.</summary>
    public string? Open(string state, AccessScope caller, ConfirmationQuestion question)
    {
        Span<byte> bytes = stackalloc byte[StateBytes];
        if (state.Length != Base64Url.GetEncodedLength(StateBytes) || !Base64Url.IsValid(state) || Base64Url.DecodeFromChars(state, bytes) != StateBytes)
        {
            return null;
        }

        return CryptographicOperations.FixedTimeEquals(SealOf(bytes[..HeadBytes], caller, question), bytes[HeadBytes..])
            && BinaryPrimitives.ReadInt64BigEndian(bytes) > time.GetUtcNow().ToUnixTimeSeconds()
            ? Convert.ToHexStringLower(bytes[sizeof(long)..HeadBytes])
            : null;
    }

    /// <summary>Uses an agreement up; false when it was used before.</summary>
    public bool TryUse(string id)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (_used.Count >= Capacity)
        {
            foreach (var expired in _used.Where(u => u.Value <= now))
            {
                _used.TryRemove(expired);
            }

            if (_used.Count >= Capacity)
            {
                _used.Clear();
            }
        }

        return _used.TryAdd(id, now + (long)Lifetime.TotalSeconds);
    }

    private byte[] SealOf(ReadOnlySpan<byte> head, AccessScope caller, ConfirmationQuestion question)
    {
        using var content = new MemoryStream();
        content.Write(head);
        foreach (var part in (string[])[question.Tool, caller.Subject, caller.Fingerprint, question.Bound])
        {
            // Each with its length, so that no two lists of parts read alike.
            var text = Encoding.UTF8.GetBytes(part);
            content.Write(BitConverter.GetBytes(text.Length));
            content.Write(text);
        }

        return seal.Make(Purpose, content.GetBuffer().AsSpan(0, (int)content.Length));
    }
}
