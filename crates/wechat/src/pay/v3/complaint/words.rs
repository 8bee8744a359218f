use serde::Deserialize;

/// Defines an enum of WeChat's words. It keeps a word that this crate does not know, so that a new word does not make a
/// response unreadable.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(from = "String")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A word that this crate does not know, as WeChat sent it.
            Unknown(String),
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() { $($word => Self::$variant,)* _ => Self::Unknown(word) }
            }
        }

        impl $name {
            /// The word in WeChat's messages.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $word,)* Self::Unknown(word) => word }
            }
        }
    };
}

words! {
    /// The state of a complaint, `complaint_state`.
    ///
    /// ```
    /// use wechat::pay::v3::ComplaintState;
    ///
    /// assert_eq!(ComplaintState::from("PENDING".to_owned()), ComplaintState::Pending);
    /// assert_eq!(ComplaintState::from("LATER".to_owned()).as_str(), "LATER");
    /// ```
    ComplaintState {
        /// The merchant has not replied yet.
        Pending = "PENDING",
        /// The merchant has replied.
        Processing = "PROCESSING",
        /// The complaint has ended. The shopper may continue it.
        Processed = "PROCESSED",
    }
}

words! {
    /// What the shopper complains about, `problem_type`.
    ProblemKind {
        /// The shopper wants a refund. Only such a complaint has a refund progress.
        Refund = "REFUND",
        /// A bought service does not work.
        ServiceNotWork = "SERVICE_NOT_WORK",
        /// Something else.
        Others = "OTHERS",
    }
}

words! {
    /// What WeChat says about the shopper, `user_tag_list`.
    UserTag {
        /// A shopper that WeChat trusts.
        Trusted = "TRUSTED",
        /// A complaint that WeChat considers a high risk.
        HighRisk = "HIGH_RISK",
    }
}

words! {
    /// The kind of pictures, `media_type`.
    MediaKind {
        /// The shopper's pictures of the complaint.
        UserComplaintImage = "USER_COMPLAINT_IMAGE",
        /// Pictures of a negotiation entry.
        OperationImage = "OPERATION_IMAGE",
    }
}

words! {
    /// The kind of a negotiation entry, `operate_type`. The misspelled words are WeChat's own.
    NegotiationKind {
        /// The shopper complained.
        UserCreateComplaint = "USER_CREATE_COMPLAINT",
        /// The shopper continued the complaint.
        UserContinueComplaint = "USER_CONTINUE_COMPLAINT",
        /// The shopper wrote a message.
        UserResponse = "USER_RESPONSE",
        /// WeChat wrote a message.
        PlatformResponse = "PLATFORM_RESPONSE",
        /// The merchant wrote a message.
        MerchantResponse = "MERCHANT_RESPONSE",
        /// The merchant ended the complaint.
        MerchantConfirmComplete = "MERCHANT_CONFIRM_COMPLETE",
        /// The merchant approved the refund.
        MerchantApproveRefund = "MERCHANT_APPROVE_REFUND",
        /// The merchant refused the refund.
        MerchantRefuseRefund = "MERCHANT_REFUSE_RERUND",
        /// The shopper confirmed the complaint.
        UserConfirmComplaint = "USER_COMFIRM_COMPLAINT",
    }
}

words! {
    /// What a notification reports, `action_type`.
    ComplaintAction {
        /// The shopper complained.
        CreateComplaint = "CREATE_COMPLAINT",
        /// The shopper continued the complaint.
        ContinueComplaint = "CONTINUE_COMPLAINT",
        /// The shopper wrote a message.
        UserResponse = "USER_RESPONSE",
        /// WeChat wrote a message.
        ResponseByPlatform = "RESPONSE_BY_PLATFORM",
        /// The merchant refunded the order.
        SellerRefund = "SELLER_REFUND",
        /// The merchant wrote a message.
        MerchantResponse = "MERCHANT_RESPONSE",
        /// The merchant ended the complaint.
        MerchantConfirmComplete = "MERCHANT_CONFIRM_COMPLETE",
        /// The shopper asked WeChat's customer service for help.
        UserApplyPlatformService = "USER_APPLY_PLATFORM_SERVICE",
        /// The shopper withdrew the request for help.
        UserCancelPlatformService = "USER_CANCEL_PLATFORM_SERVICE",
        /// WeChat's customer service has finished its work.
        PlatformServiceFinished = "PLATFORM_SERVICE_FINISHED",
        /// The merchant approved the refund.
        MerchantApproveRefund = "MERCHANT_APPROVE_REFUND",
        /// The merchant refused the refund.
        MerchantRejectRefund = "MERCHANT_REJECT_REFUND",
        /// The refund has arrived.
        RefundSuccess = "REFUND_SUCCESS",
    }
}
