namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>How vectors are scanned. The defaults are measured (see the bench verb <c>vectors</c>).</summary>
internal sealed record VectorScanOptions
{
    /// <summary>The defaults.</summary>
    public static VectorScanOptions Default { get; } = new();

    /// <summary>Visible vectors up to which every one is compared in int8; beyond, a scan over sign bits picks <see cref="Window"/> of them first. Default 30,000.</summary>
    public int TwoStageThreshold { get; init; } = 30_000;

    /// <summary>The first stage reads every row's bits; it is not used when fewer than one row in this many is visible. Default 24.</summary>
    public int TwoStageSparsity { get; init; } = 24;

    /// <summary>Candidates of the first stage; at least four times the results asked for, and one visible row in <see cref="WindowShare"/>, are taken. Default 1,200.</summary>
    public int Window { get; init; } = 1_200;

    /// <summary>The more rows, the more of them lie close together: one in this many is compared in int8. Default 150.</summary>
    public int WindowShare { get; init; } = 150;

    /// <summary>The instructions to use; the fastest of this machine unless a test wants another. All give the same answers.</summary>
    public VectorKernel Kernel { get; init; } = VectorKernels.Fastest;
}
