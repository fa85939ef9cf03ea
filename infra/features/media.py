"""A client's files."""

from infra.declarations import READ, WRITE, Bucket, Feature, Function, Grant, PersonalData, Routes

FEATURE = Feature(
    name="media",
    personal_data=(PersonalData(package="media", buckets=("media", "uploads")),),
    buckets=(
        Bucket(name="media"),
        # What browsers post by themselves: looked at and copied when its upload is completed, or forgotten.
        Bucket(name="uploads", expire_days=1, kept=False, browsers_post=True),
    ),
    functions=(
        Function(
            name="media",
            feature="media",
            group="content",
            routes=(
                Routes("/content/media"),
                Routes("/public/media", bare=False),
                Routes("/communication/linkedin/media", greedy=False),
                Routes("/communication/twitter/media", greedy=False),
            ),
            memory=1024,
            timeout=29,  # half a gigabyte of video is read once
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("secret", "links", ("GetSecretValue",)),
                Grant("bucket", "media", ("GetObject", "PutObject", "DeleteObject")),
                Grant("bucket", "uploads", ("GetObject", "PutObject", "DeleteObject", "ListBucket")),
            ),
            settings=("PUBLIC_URL",),
        ),
    ),
)
