namespace AiPlatform.Bench.Scale;

/// <summary>A small generator whose every seed is its own stream, so that product i is the same whenever it is made.</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    public int Below(int bound) => (int)(Share() * bound);

    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>Two independent draws from the standard normal distribution.</summary>
    public (float A, float B) Gaussian()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Share()));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * Share());
        return ((float)(radius * cosine), (float)(radius * sine));
    }
}
